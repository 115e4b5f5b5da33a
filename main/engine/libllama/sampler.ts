import koffi, { type LibraryHandle } from 'koffi'
import { Mutex } from '../../mutex.ts'
import { Candidates } from './candidates.ts'
import type { Context } from './context.ts'
import { declare, inThread, type Pointer } from './declare.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A step of a sampler chain, as llama.cpp's samplers take them. */
export type SamplerStep =
  | {
      readonly step: 'penalties'
      /** Tokens looked back at. */
      readonly last: number
      readonly repeat: number
      readonly frequency: number
      readonly presence: number
    }
  | { readonly step: 'top-k'; readonly k: number }
  | { readonly step: 'typical' | 'top-p' | 'min-p'; readonly p: number }
  | { readonly step: 'temperature'; readonly temperature: number }
  /** The last step: takes the likeliest token, or draws one. */
  | { readonly step: 'greedy' }
  | { readonly step: 'draw'; readonly seed: number }

const chainParams = koffi.struct({ no_perf: 'bool' })

/** Tokens that are left at least by each step that takes tokens away. */
const keep = 1

/** One answer's sampler: the steps in their order, and the grammar that has the last word. */
export class Sampler {
  readonly #native: ReturnType<typeof samplerCalls>
  readonly #context: Context
  readonly #vocabulary: Vocabulary
  readonly #chain: Pointer
  readonly #grammar: Pointer | undefined
  readonly #candidates: Candidates | undefined
  readonly #one = new Candidates(1)

  /**
   * @param history tokens that penalties look back at
   * @param grammar as `compileGrammar` gave it; disposed of with this
   */
  constructor(
    llama: LibraryHandle,
    context: Context,
    vocabulary: Vocabulary,
    steps: readonly SamplerStep[],
    history: ArrayLike<number>,
    grammar?: Pointer,
  ) {
    this.#native = samplerCalls(llama)
    this.#context = context
    this.#vocabulary = vocabulary
    this.#chain = this.#native.newChain({ no_perf: true })
    for (const step of steps) this.#native.add(this.#chain, this.#make(step))
    for (let index = 0; index < history.length; index++) this.#native.accept(this.#chain, history[index]!)
    this.#grammar = grammar
    this.#candidates = grammar === undefined ? undefined : new Candidates(vocabulary.size)
  }

  /**
   * Draws a token.
   * @param at place in the last batch after which it comes
   * @returns undefined where the grammar leaves no token
   */
  draw(at: number): number | undefined {
    if (this.#grammar === undefined || !this.#candidates) {
      return this.#native.sample(this.#chain, this.#context.pointer, at)
    }
    // As upstream common/sampling.cpp does: a grammar takes long to look at all tokens, and mostly the one that is
    // drawn without it suits it.
    const candidates = this.#candidates
    const logits = this.#context.logits(at)
    candidates.fill(logits)
    this.#native.apply(this.#chain, candidates.address)
    let token = candidates.selected
    if (!this.#allows(token)) {
      candidates.fill(logits)
      this.#native.apply(this.#grammar, candidates.address)
      if (candidates.isEmpty) return undefined
      this.#native.apply(this.#chain, candidates.address)
      token = candidates.selected
    }
    this.#native.accept(this.#grammar, token)
    this.#native.accept(this.#chain, token)
    return token
  }

  /** Whether the grammar lets the answer end at this point. */
  get mayEnd(): boolean {
    const end = this.#vocabulary.eos ?? this.#vocabulary.eot
    return end !== undefined && this.#grammar !== undefined && this.#allows(end)
  }

  dispose(): void {
    this.#native.free(this.#chain)
    if (this.#grammar !== undefined) this.#native.free(this.#grammar)
  }

  #allows(token: number): boolean {
    this.#one.fillOne(token)
    this.#native.apply(this.#grammar!, this.#one.address)
    return !this.#one.isEmpty
  }

  #make(step: SamplerStep): Pointer {
    const native = this.#native
    switch (step.step) {
      case 'penalties':
        return native.penalties(this.#vocabulary.size, step.last, step.repeat, step.frequency, step.presence)
      case 'top-k':
        return native.topK(step.k)
      case 'typical':
        return native.typical(step.p, keep)
      case 'top-p':
        return native.topP(step.p, keep)
      case 'min-p':
        return native.minP(step.p, keep)
      case 'temperature':
        return native.temperature(step.temperature)
      case 'greedy':
        return native.greedy()
      case 'draw':
        return native.draw(step.seed)
    }
  }
}

/**
 * Compiles a grammar in GBNF, whose root rule every answer obeys, in a thread of its own.
 * @returns undefined when it cannot be parsed
 */
export async function compileGrammar(
  llama: LibraryHandle,
  { pointer }: Vocabulary,
  grammar: string,
): Promise<Pointer | undefined> {
  // llama.cpp takes no text at all for a grammar that allows everything.
  if (grammar.trim() === '') return undefined
  const compile = declare<(vocabulary: Pointer, grammar: string, root: string) => Pointer | null>(
    llama,
    'llama_sampler_init_grammar',
    'void *',
    'void *',
    'const char *',
    'const char *',
  )
  return (await grammars.run(() => inThread(compile, pointer, grammar, 'root'))) ?? undefined
}

/** Disposes of a grammar that no sampler took over. */
export function freeGrammar(llama: LibraryHandle, grammar: Pointer): void {
  samplerCalls(llama).free(grammar)
}

const grammars = new Mutex()

const declaredCalls = new WeakMap<LibraryHandle, ReturnType<typeof declareCalls>>()

/** Declaring them takes as long as a small model's token, and each answer has a sampler of its own. */
function samplerCalls(llama: LibraryHandle): ReturnType<typeof declareCalls> {
  const known = declaredCalls.get(llama)
  if (known) return known
  const calls = declareCalls(llama)
  declaredCalls.set(llama, calls)
  return calls
}

function declareCalls(llama: LibraryHandle) {
  const make = <A extends number[]>(name: string, ...types: string[]) =>
    declare<(...args: A) => Pointer>(llama, `llama_sampler_init_${name}`, 'void *', ...types)
  return {
    newChain: declare<(params: object) => Pointer>(llama, 'llama_sampler_chain_init', 'void *', chainParams),
    add: declare<(chain: Pointer, sampler: Pointer) => void>(
      llama,
      'llama_sampler_chain_add',
      'void',
      'void *',
      'void *',
    ),
    sample: declare<(chain: Pointer, context: Pointer, at: number) => number>(
      llama,
      'llama_sampler_sample',
      'int32',
      'void *',
      'void *',
      'int32',
    ),
    apply: declare<(sampler: Pointer, candidates: Pointer) => void>(
      llama,
      'llama_sampler_apply',
      'void',
      'void *',
      'void *',
    ),
    accept: declare<(sampler: Pointer, token: number) => void>(
      llama,
      'llama_sampler_accept',
      'void',
      'void *',
      'int32',
    ),
    free: declare<(sampler: Pointer) => void>(llama, 'llama_sampler_free', 'void', 'void *'),
    penalties: make<[vocabulary: number, last: number, repeat: number, frequency: number, presence: number]>(
      'penalties',
      'int32',
      'int32',
      'float',
      'float',
      'float',
    ),
    topK: make<[k: number]>('top_k', 'int32'),
    typical: make<[p: number, keep: number]>('typical', 'float', 'size_t'),
    topP: make<[p: number, keep: number]>('top_p', 'float', 'size_t'),
    minP: make<[p: number, keep: number]>('min_p', 'float', 'size_t'),
    temperature: make<[temperature: number]>('temp', 'float'),
    greedy: make<[]>('greedy'),
    draw: make<[seed: number]>('dist', 'uint32'),
  }
}
