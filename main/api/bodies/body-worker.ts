import { parentPort, type TransferListItem } from 'node:worker_threads'
import { asProblem, Problem } from '../../problem.ts'
import { bodyTypes } from './body-types.ts'
import { type Portion, portions } from './portions.ts'
import type { BodyHead, FromThread, ToThread } from './thread-messages.ts'
import { decompress } from './zstd.ts'

/** The thread that reads large bodies: their bytes come in chunks, what they say goes back in portions. */

interface Body extends BodyHead {
  readonly chunks: Uint8Array[]
  parts?: Iterator<Portion>
}

const bodies = new Map<number, Body>()
const port = parentPort!
const tell = (message: FromThread, transfer: TransferListItem[] = []): void => port.postMessage(message, transfer)

port.on('message', async (message: ToThread) => {
  const { body: number } = message
  if (message.type === 'begin') bodies.set(number, { ...message, chunks: [] })
  if (message.type === 'chunk') bodies.get(number)?.chunks.push(message.bytes)
  if (message.type === 'drop') bodies.delete(number)
  if (message.type !== 'end' && message.type !== 'more') return
  try {
    const body = bodies.get(number)
    // Its beginning was told to a thread that ended before this one was started.
    if (!body) throw new Problem('internal', 500, 'the thread that read this request body ended')
    if (message.type === 'end') body.parts = portions(await read(body))
    tellNext(number, body.parts!)
  } catch (error) {
    bodies.delete(number)
    const { code, status, message: text } = asProblem(error)
    tell({ body: number, type: 'failed', code, status, message: text })
  }
})

async function read({ path, zstd, contentType, chunks }: Body): Promise<unknown> {
  const bytes = Buffer.concat(chunks)
  chunks.length = 0
  return bodyTypes.get(path)!.read(zstd ? await decompress(bytes) : bytes, contentType)
}

function tellNext(number: number, parts: Iterator<Portion>): void {
  const next = parts.next()
  if (!next.done) {
    tell({ body: number, type: 'portion', portion: next.value }, ownBuffers(next.value.items))
    return
  }
  bodies.delete(number)
  tell({ body: number, type: 'complete' })
}

/** Pictures go over without being copied; the small ones share a buffer with others, and cannot. */
function ownBuffers(value: unknown): ArrayBuffer[] {
  if (value instanceof Uint8Array) {
    const { buffer } = value
    return buffer instanceof ArrayBuffer && value.byteLength > 64 * 1024 && value.byteLength === buffer.byteLength
      ? [buffer]
      : []
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(ownBuffers) : []
}
