import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Progress } from '../progress/progress.ts'
import type { Server } from '../server.ts'

/** Bytes read at once. */
const pieceBytes = 1 << 20

/** Bytes up to which a file is read and sent before a bar for it could be looked at. */
const quickBytes = 100_000

/**
 * Makes sure the server has a file, and sends it if it has not.
 * @returns the file's digest, `sha256:…`
 * @throws as node:fs and Server; a file that changes meanwhile is refused by the server, as its digest is another
 */
export async function offerFile(server: Server, path: string, progress: Progress): Promise<string> {
  const { size } = await stat(path)
  const name = basename(path)
  const told = (step: string) => (done: number) => {
    if (size > quickBytes) progress.bar(`${step} ${path}`, `${step} ${name}`, size, done)
  }
  const hash = createHash('sha256')
  for await (const piece of counted(path, told('reading'))) hash.update(piece)
  const digest = `sha256:${hash.digest('hex')}`
  if (await server.hasBlob(digest)) return digest
  await server.sendBlob(digest, { from: counted(path, told('copying')), length: size })
  return digest
}

async function* counted(path: string, tell: (done: number) => void): AsyncGenerator<Uint8Array> {
  let done = 0
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    yield piece
    done += piece.length
    tell(done)
  }
}
