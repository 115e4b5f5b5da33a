import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { wordsOf } from '../../go/system-error.ts'
import { Problem } from '../../problem.ts'
import type { Counted, TellConnection } from '../../settings/connections.ts'
import { registryAgent } from './agent.ts'
import { DirectRequests } from './direct-request.ts'
import { mayHaveProxy } from './proxies.ts'
import { maxErrorBytes, Receiver, type Reception } from './receiver.ts'
import type { BlockMemory } from './recent-blocks.ts'

export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Dispatcher.DispatchOptions['body']
  readonly signal?: AbortSignal
  /** For a GET of bytes that go to a file; then the answer comes when it is over, and with an empty body. */
  readonly into?: Reception
}

export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

export interface TransportOptions {
  /** Hearth's own. */
  readonly version: string
  /** The built receive-worker.js. */
  readonly receiveWorker: string
  /** Where what it receives may be found for a while. */
  readonly memory: BlockMemory
  /** Milliseconds of silence after which a request fails. */
  readonly stall?: number
  /** Hears of each request, for the person's list of connections. */
  readonly tell?: TellConnection
}

/** A peer that says nothing for so long is stalled (upstream server/download.go). Milliseconds. */
const stallMs = 30_000
/** The Ollama whose API and registry protocol this is; registries refuse models to versions they take for too old. */
const protocolVersion = '0.33.0'
const goNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', win32: 'windows' }
const goName = (name: string): string => goNames[name] ?? name

/** HTTP as registries need it: one request, no redirect followed. */
export class Transport {
  readonly #direct: DirectRequests
  /** For what has a body or may go by a proxy. */
  readonly #agent: Dispatcher
  readonly #hasProxy = mayHaveProxy()
  readonly #receiver: Receiver
  readonly #userAgent: string
  readonly #tell: TellConnection | undefined

  constructor({ version, receiveWorker, memory, stall = stallMs, tell }: TransportOptions) {
    this.#tell = tell
    this.#direct = new DirectRequests(stall)
    this.#agent = registryAgent(stall)
    this.#receiver = new Receiver(receiveWorker, { stall, memory })
    const platform = `${goName(process.arch)} ${goName(process.platform)}`
    this.#userAgent = `ollama/${protocolVersion} (${platform}) Go/go1.26 hearth/${version}`
  }

  /**
   * @returns the answer whatever its status; its body must be read or dropped
   * @throws Problem `registry` when there is none, an AbortError, or what ended the bytes that were on their way
   */
  async send(call: Call): Promise<Answer> {
    const { method, url, signal, into } = call
    // Of a blob that comes compressed on the way neither ranges nor digest would be right.
    const headers = { 'user-agent': this.#userAgent, 'accept-encoding': 'identity', ...call.headers }
    const counted = this.#tell?.(aboutOf(method, url))
    counted?.sent(Number(call.headers?.['content-length'] ?? lengthOf(call.body)))
    let isStarted = false
    try {
      if (!into) {
        const answer = await this.#request(call, headers)
        if (counted) countBody(answer, counted)
        return answer
      }
      const onStart = (at: URL) => {
        isStarted = true
        into.onStart(at)
      }
      let before = 0
      const onReceived = (bytes: number) => {
        counted?.received(bytes - before)
        before = bytes
        into.onReceived(bytes)
      }
      const { said, ...answer } = await this.#receiver.receive(url, headers, { ...into, onStart, onReceived }, signal)
      return { ...answer, body: Readable.from([said]) }
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw isStarted || error instanceof Problem ? error : unreachable(method, url, error)
    }
  }

  /** Makes ready for bytes that are going to be received. */
  prepare(): void {
    this.#receiver.start()
  }

  async close(): Promise<void> {
    await this.#receiver.close()
    this.#direct.close()
    await this.#agent.destroy()
  }

  async #request(call: Call, headers: Record<string, string>): Promise<Answer> {
    const { method, url, body, signal } = call
    if (!this.#hasProxy && body === undefined) {
      const answer = await this.#direct.send({ method, url, headers, signal })
      return { statusCode: answer.statusCode!, headers: answer.headers, body: answer }
    }
    const { origin, pathname, search } = url
    const answer = await this.#agent.request({ method, body, signal, origin, path: pathname + search, headers })
    // Whoever reads the body meets its errors; of one that nobody reads any more they must not end the process.
    answer.body.on('error', () => undefined)
    return answer
  }
}

/** What a request is for: registries name the model in the path (`/v2/<name>/…`), the hosts they send on to do not. */
function aboutOf(method: Call['method'], url: URL): Parameters<TellConnection>[0] {
  const subject = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url.pathname)?.[1] ?? ''
  const purpose = method === 'GET' || method === 'HEAD' ? 'get-model' : 'send-model'
  return { host: url.host, purpose, subject }
}

const lengthOf = (body: Call['body']): number =>
  typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : 0

/** Counts what arrives as it is put into the stream: reading it here would take it away from its reader. */
function countBody({ body }: Answer, counted: Counted): void {
  counted.received(body.readableLength)
  const push = body.push.bind(body)
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) counted.received(chunk.length)
    return push(chunk, encoding)
  }
}

/** Go's words for a request without an answer. */
function unreachable(method: string, url: URL, error: unknown): Problem {
  const verb = method[0] + method.slice(1).toLowerCase()
  // A registry of one's own that was not called `insecure`; OpenSSL's words for it help nobody.
  const isPlain = /wrong version number/.test((error as Error).message)
  const why = isPlain ? 'http: server gave HTTP response to HTTPS client' : wordsOf(error)
  return new Problem('registry', 500, `${verb} "${url.href}": ${why}`)
}

/** Lets go of an answer whose body nobody wants. */
export async function drop(answer: Answer): Promise<void> {
  // A short one is read to its end, so that its connection can be used again.
  await refusal(answer)
}

/**
 * A body that must be small.
 * @throws Problem `registry` when it is longer than `limit` bytes
 */
export async function readBody(answer: Answer, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of answer.body) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    if (length > limit) throw new Problem('registry', 500, `the answer has more than ${limit} bytes`)
  }
  return Buffer.concat(pieces)
}

/** What an answer of 400 and more says, as upstream tells it: `<status>: <body>`. */
export async function refusal(answer: Answer): Promise<string> {
  const pieces: Buffer[] = []
  let room = maxErrorBytes
  try {
    for await (const piece of answer.body) {
      pieces.push((piece as Buffer).subarray(0, room))
      room -= (piece as Buffer).length
      if (room <= 0) break
    }
  } catch {
    // The status says enough.
  }
  return `${answer.statusCode}: ${Buffer.concat(pieces).toString('utf8')}`
}

/** One value of a header, the first where there are several. */
export function header(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}
