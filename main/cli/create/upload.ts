import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Progress } from '../progress/progress.ts'
import type { Server } from '../server.ts'

/** Bytes read at once. */
const PIECE = 1 << 20

/**
 * Makes sure the server has a file, and sends it if it has not.
 * @returns the file's digest, `sha256:…`
 * @throws as node:fs and Server; a file that changes meanwhile is refused by the server, as its digest is another
 */
export async function offerFile(server: Server, path: string, progress: Progress): Promise<string> {
  const { size } = await stat(path)
  const name = basename(path)
  const hash = createHash('sha256')
  for await (const piece of counted(path, done => progress.bar(`hash ${path}`, `reading ${name}`, size, done))) {
    hash.update(piece)
  }
  const digest = `sha256:${hash.digest('hex')}`
  if (await server.hasBlob(digest)) return digest
  const from = counted(path, done => progress.bar(`copy ${path}`, `copying ${name}`, size, done))
  await server.sendBlob(digest, { from, length: size })
  return digest
}

async function* counted(path: string, tell: (done: number) => void): AsyncGenerator<Uint8Array> {
  let done = 0
  for await (const piece of createReadStream(path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
    yield piece
    done += piece.length
    tell(done)
  }
}
