import { createHash, type Hash } from 'node:crypto'
import { readSync } from 'node:fs'
import { serveJobs } from '../../threads/job-port.ts'
import type { HashAnswer, HashOrder } from './hasher.ts'

/**
 * The thread that hashes files (see hasher.ts). It goes round all its files piece by piece, so that a large one holds up
 * neither the others nor the word that it is not wanted any more.
 */

/** Bytes read and hashed at once. */
const PIECE = 1024 * 1024
const buffer = Buffer.allocUnsafe(PIECE)

class GrowingFile {
  readonly #hash: Hash = createHash('sha256')
  #at = 0
  upTo = 0
  /** Set when the digest is wanted. */
  answer: ((answer: HashAnswer) => void) | undefined

  /** @param descriptor of the file, whoever opened it */
  constructor(private readonly descriptor: number) {}

  get isBehind(): boolean {
    return this.#at < this.upTo
  }

  advance(): void {
    const length = readSync(this.descriptor, buffer, 0, Math.min(PIECE, this.upTo - this.#at), this.#at)
    if (length === 0) throw new Error('the file is shorter than it was')
    this.#hash.update(buffer.subarray(0, length))
    this.#at += length
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`
  }
}

const files = new Map<number, GrowingFile>()
/** What went wrong before the digest was asked for. */
const failures = new Map<number, string>()
let isTurning = false

function end(job: number): void {
  files.delete(job)
  failures.delete(job)
}

/** A piece of every file that has more, answers where there is none left; again after what is told meanwhile. */
function turn(): void {
  for (const [job, file] of files) {
    try {
      if (file.isBehind) file.advance()
      if (file.isBehind || !file.answer) continue
      end(job)
      file.answer({ digest: file.digest() })
    } catch (error) {
      fail(job, error as Error)
    }
  }
  isTurning = [...files.values()].some(file => file.isBehind)
  if (isTurning) setImmediate(turn)
}

function fail(job: number, { message }: Error): void {
  const answer = files.get(job)?.answer
  end(job)
  if (answer) answer({ error: message })
  else failures.set(job, message)
}

serveJobs<HashOrder, HashAnswer>((job, order, tell) => {
  if ('file' in order) files.set(job, new GrowingFile(order.file))
  const file = files.get(job)
  if ('upTo' in order && file) file.upTo = order.upTo
  if ('end' in order) {
    const failure = failures.get(job)
    if (order.end === 'digest' && failure !== undefined) tell({ error: failure })
    if (order.end === 'digest' && file) file.answer = tell
    else end(job)
    if (order.end === 'nothing') tell({ abandoned: true })
  }
  if (!isTurning) turn()
})
