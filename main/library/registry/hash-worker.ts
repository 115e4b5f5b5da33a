import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { HashAnswer, HashOrder } from './hasher.ts'
import type { FromThread, ToThread } from './job-thread.ts'

/**
 * The thread that hashes files (see hasher.ts). It goes round all its files piece by piece, so that a large one holds up
 * neither the others nor the word that it is not wanted any more.
 */

/** Bytes read and hashed at once. */
const PIECE = 1024 * 1024
const buffer = Buffer.allocUnsafe(PIECE)

interface HashedFile {
  readonly descriptor: number
  readonly hash: Hash
  at: number
  upTo: number
  ended: boolean
}

const files = new Map<number, HashedFile>()
let isTurning = false

function obey(job: number, order: HashOrder): void {
  if ('path' in order) {
    const descriptor = openSync(order.path, 'r')
    files.set(job, { descriptor, hash: createHash('sha256'), at: 0, upTo: 0, ended: false })
    return
  }
  const file = files.get(job)
  // It failed, which was told.
  if (!file) return
  if ('upTo' in order) file.upTo = order.upTo
  else if (order.end === 'nothing') close(job, file)
  else file.ended = true
  if (!isTurning) turn()
}

/** A piece of every file that has more to hash, and the next turn after what was told meanwhile. */
function turn(): void {
  for (const [job, file] of files) guarded(job, () => advance(job, file))
  isTurning = [...files.values()].some(({ at, upTo }) => at < upTo)
  if (isTurning) setImmediate(turn)
}

function advance(job: number, file: HashedFile): void {
  if (file.at < file.upTo) {
    const length = readSync(file.descriptor, buffer, 0, Math.min(PIECE, file.upTo - file.at), file.at)
    if (length === 0) throw new Error('the file is shorter than it was')
    file.hash.update(buffer.subarray(0, length))
    file.at += length
  }
  if (!file.ended || file.at < file.upTo) return
  close(job, file)
  answer(job, { digest: `sha256:${file.hash.digest('hex')}` })
}

function close(job: number, { descriptor }: HashedFile): void {
  files.delete(job)
  closeSync(descriptor)
}

function guarded(job: number, work: () => void): void {
  try {
    work()
  } catch (error) {
    const file = files.get(job)
    if (file) close(job, file)
    answer(job, { error: (error as Error).message })
  }
}

function answer(job: number, answer: HashAnswer): void {
  parentPort!.postMessage({ job, answer } satisfies FromThread<HashAnswer>)
}

parentPort!.on('message', ({ job, order }: ToThread<HashOrder>) => guarded(job, () => obey(job, order)))
