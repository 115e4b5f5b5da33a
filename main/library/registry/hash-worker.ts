import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { HashAnswer, HashOrder } from './hasher.ts'

/** The thread that hashes files (see hasher.ts): what it does takes as long as it takes, nobody else waits. */

/** Bytes read at once. */
const PIECE = 1024 * 1024
const buffer = Buffer.allocUnsafe(PIECE)
const files = new Map<number, { descriptor: number; hash: Hash; at: number }>()

function obey({ id, ...order }: HashOrder): string | undefined {
  if ('path' in order) {
    files.set(id, { descriptor: openSync(order.path, 'r'), hash: createHash('sha256'), at: 0 })
    return undefined
  }
  const file = files.get(id)
  if (!file) throw new Error('no such file')
  if ('upTo' in order) {
    while (file.at < order.upTo) {
      const length = readSync(file.descriptor, buffer, 0, Math.min(PIECE, order.upTo - file.at), file.at)
      if (length === 0) throw new Error('the file is shorter than it was')
      file.hash.update(buffer.subarray(0, length))
      file.at += length
    }
    return undefined
  }
  files.delete(id)
  closeSync(file.descriptor)
  return order.end === 'digest' ? `sha256:${file.hash.digest('hex')}` : undefined
}

parentPort!.on('message', (order: HashOrder) => {
  const answer = (rest: Omit<HashAnswer, 'id'>) =>
    parentPort!.postMessage({ id: order.id, ...rest } satisfies HashAnswer)
  try {
    const digest = obey(order)
    if (digest !== undefined) answer({ digest })
  } catch (error) {
    answer({ error: (error as Error).message })
  }
})
