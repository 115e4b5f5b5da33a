import { Agent, type IncomingMessage, request } from 'node:http'

const agent = new Agent({ keepAlive: true })

export interface Received {
  readonly body: string
  /** Milliseconds from sending the request to the first byte of the body, and to its end. */
  readonly first: number
  readonly end: number
}

export interface PostOptions {
  readonly signal?: AbortSignal
  /** Called for each piece of the body as it arrives. */
  readonly onPiece?: () => void
}

/** Posts JSON over a connection that is kept, as every client library does, and times what comes back. */
export async function post(url: string, body: unknown, { signal, onPiece }: PostOptions = {}): Promise<Received> {
  const sentAt = performance.now()
  const response = await send(url, Buffer.from(JSON.stringify(body)), signal)
  let first = 0
  const pieces: Buffer[] = []
  for await (const piece of response) {
    first ||= performance.now() - sentAt
    pieces.push(piece as Buffer)
    onPiece?.()
  }
  const end = performance.now() - sentAt
  const text = Buffer.concat(pieces).toString()
  if ((response.statusCode ?? 0) >= 300)
    throw new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`)
  return { body: text, first, end }
}

/** The last object of a stream of JSON lines or of server-sent events, or the one object of a plain answer. */
export function lastObject(body: string): Record<string, unknown> {
  const line = body.trimEnd().split('\n').at(-1)!
  return JSON.parse(line.replace(/^data: /, '')) as Record<string, unknown>
}

/** A kept connection may be closed by the server just as it is used again: then the request goes out on another. */
function send(url: string, body: Buffer, signal?: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
    const sending = request(url, { method: 'POST', agent, headers, signal }, resolve)
    sending.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = sending.reusedSocket && error.code === 'ECONNRESET'
      if (isStale) send(url, body, signal).then(resolve, reject)
      else reject(error)
    })
    sending.end(body)
  })
}
