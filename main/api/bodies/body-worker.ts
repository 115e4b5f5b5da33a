import { serveJobs, type Tell } from '../../threads/job-port.ts'
import { type Portion, portions } from '../../threads/portions.ts'
import { bodyTypes } from './body-types.ts'
import { checkTexts } from './limits.ts'
import type { BodyHead, FromBodyThread, ToBodyThread } from './thread-messages.ts'
import { decompress } from './zstd.ts'

/** The thread that reads large bodies: their bytes come in chunks, what they say goes back in portions. */

interface Body extends BodyHead {
  readonly chunks: Uint8Array[]
  parts?: Iterator<Portion>
}

const bodies = new Map<number, Body>()

serveJobs<ToBodyThread, FromBodyThread>(async (number, message, tell) => {
  if (message.type === 'begin') bodies.set(number, { ...message, chunks: [] })
  const body = bodies.get(number)!
  if (message.type === 'chunk') body.chunks.push(message.bytes)
  if (message.type === 'drop') bodies.delete(number)
  if (message.type !== 'end' && message.type !== 'more') return
  try {
    if (message.type === 'end') body.parts = portions(await read(body))
    tellNext(number, body.parts!, tell)
  } catch (error) {
    bodies.delete(number)
    throw error
  }
})

async function read({ path, zstd, contentType, chunks }: Body): Promise<unknown> {
  const bytes = Buffer.concat(chunks)
  chunks.length = 0
  const said = await bodyTypes.get(path)!.read(zstd ? await decompress(bytes) : bytes, contentType)
  checkTexts(said)
  return said
}

function tellNext(number: number, parts: Iterator<Portion>, tell: Tell<FromBodyThread>): void {
  const next = parts.next()
  if (next.done) bodies.delete(number)
  tell(next.value, next.done ? [] : ownBuffers(next.value.items))
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
