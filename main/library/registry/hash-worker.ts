import { createHash, type Hash } from 'node:crypto'
import { readSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { serveJobs } from '../../threads/job-port.ts'
import type { HashAnswer, HashOrder } from './hasher.ts'
import { type BlockMemory, BlocksToHash, blockBytes } from './recent-blocks.ts'

/**
 * The thread that hashes files (see hasher.ts). It goes round all its files piece by piece, so that a large one holds
 * up neither the others nor the word that it is not wanted any more. What was received a moment ago is still in memory;
 * the rest is read.
 */

const blocks = new BlocksToHash(workerData as BlockMemory)
/** For what is read from a file. */
const buffer = Buffer.allocUnsafe(blockBytes)

class GrowingFile {
  readonly #hash: Hash = createHash('sha256')
  #at = 0
  upTo = 0
  /** Set when the digest is wanted. */
  answer: ((answer: HashAnswer) => void) | undefined

  /** @param descriptor of the file, whoever opened it */
  constructor(
    private readonly descriptor: number,
    private readonly key: number,
  ) {}

  /** Blocks are hashed as a whole; before the end a part of one waits for the rest. */
  get isBehind(): boolean {
    return this.answer ? this.#at < this.upTo : this.upTo - this.#at >= blockBytes
  }

  advance(): void {
    const wanted = Math.min(blockBytes, this.upTo - this.#at)
    const isRecent = blocks.use(this.key, this.#at / blockBytes, wanted, bytes => this.#hash.update(bytes))
    this.#at += isRecent ? wanted : this.#read(wanted)
  }

  #read(wanted: number): number {
    for (let read = 0; read < wanted; ) {
      const length = readSync(this.descriptor, buffer, read, wanted - read, this.#at + read)
      if (length === 0) throw new Error('the file is shorter than it was')
      read += length
    }
    this.#hash.update(buffer.subarray(0, wanted))
    return wanted
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
  if ('file' in order) files.set(job, new GrowingFile(order.file, order.key))
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
