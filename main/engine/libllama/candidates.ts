import koffi from 'koffi'
import { ownMemory, type Pointer } from './declare.ts'

/** llama_token_data_array of llama.h. */
const arrayType = koffi.struct({ data: 'void *', size: 'size_t', selected: 'int64', sorted: 'bool' })

interface ArrayMembers {
  readonly data: Pointer
  readonly size: number
  readonly selected: number
  readonly sorted: boolean
}

/** 32-bit words of a llama_token_data: token, logit, probability. */
const words = 3

/** The tokens a sampler chooses from, in memory that llama.cpp's samplers work on. */
export class Candidates {
  /** Where the llama_token_data_array lies. */
  readonly address: Pointer
  readonly #header = ownMemory(koffi.sizeof(arrayType))
  readonly #ids: Int32Array
  readonly #numbers: Float32Array
  readonly #data: Pointer

  /** @param capacity most tokens */
  constructor(capacity: number) {
    const memory = ownMemory(4 * words * capacity)
    this.#ids = new Int32Array(memory.buffer)
    this.#numbers = new Float32Array(memory.buffer)
    this.#data = koffi.address(this.#ids)
    this.address = koffi.address(this.#header)
  }

  /** All tokens of a vocabulary, in its order. */
  fill(logits: Float32Array): void {
    const ids = this.#ids
    const numbers = this.#numbers
    for (let token = 0, at = 0; token < logits.length; token++, at += words) {
      ids[at] = token
      numbers[at + 1] = logits[token]!
      numbers[at + 2] = 0
    }
    this.#describe(logits.length)
  }

  /** One token alone, as likely as can be. */
  fillOne(token: number): void {
    this.#ids[0] = token
    this.#numbers[1] = 1
    this.#numbers[2] = 0
    this.#describe(1)
  }

  /** The token that the last step chose. */
  get selected(): number {
    const { data, size, selected } = this.#read()
    if (data !== this.#data || selected < 0 || selected >= size) throw new Error('no token was chosen')
    return this.#ids[words * selected]!
  }

  /** No token is left: each was given a logit of minus infinity. */
  get isEmpty(): boolean {
    const { size } = this.#read()
    for (let at = 1; at < words * size; at += words) if (this.#numbers[at] !== Number.NEGATIVE_INFINITY) return false
    return true
  }

  #describe(size: number): void {
    koffi.encode(this.#header, arrayType, { data: this.#data, size, selected: -1, sorted: false })
  }

  #read(): ArrayMembers {
    return koffi.decode(this.#header, arrayType) as ArrayMembers
  }
}
