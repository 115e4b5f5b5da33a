import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { systemMessage, systemWords } from '../go/system-error.ts'
import { CommandError } from './command-error.ts'
import { printableLine } from './printable.ts'

/** The server said no, in its own words. */
export class ServerError extends CommandError {
  override readonly name = 'ServerError'

  /** @param status of HTTP; 200 when it was told in the middle of a stream */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** Nobody answers at the address. */
export class CannotConnect extends CommandError {
  override readonly name = 'CannotConnect'

  /** @param code of the system, such as ECONNREFUSED */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** Characters of a line of progress or of an answer, as upstream (api/client.go). */
const longestLine = 8_000_000

/** Bytes of a whole answer. */
const longestAnswer = 512_000_000

interface Call {
  readonly body?: unknown
  /** Sent instead of `body`: bytes of a known length. */
  readonly bytes?: { readonly from: AsyncIterable<Uint8Array>; readonly length: number }
  readonly signal?: AbortSignal
}

/**
 * An Ollama server over HTTP. Node's own client rather than `fetch`, which gives up after five minutes without a byte:
 * a large model takes longer to load, and a long prompt to read.
 */
export class Server {
  readonly #base: string
  readonly #userAgent: string

  /**
   * @param address such as `http://127.0.0.1:11434`, perhaps with a path
   * @param version of this program, for the header User-Agent
   */
  constructor(
    readonly address: string,
    version: string,
  ) {
    this.#base = address.replace(/\/+$/, '')
    this.#userAgent = `hearth/${version} (${process.arch} ${process.platform})`
  }

  /** @throws CannotConnect when nobody listens */
  async heartbeat(): Promise<void> {
    const response = await this.#send('HEAD', '/', {})
    response.destroy()
  }

  /**
   * One question, one answer.
   * @throws ServerError in the server's words, CannotConnect, CommandError when what answers is no Ollama server
   */
  async json<T>(method: 'GET' | 'POST' | 'DELETE', path: string, call: Call = {}): Promise<T> {
    const response = await this.#send(method, path, call)
    const text = await this.#text(response)
    if (response.statusCode! >= 400) throw this.#refusal(response, text, false)
    if (text === '') return undefined as T
    return this.#parse(text) as T
  }

  /**
   * One question, a stream of JSON objects.
   * @param isLast tells the object that ends a whole answer; a stream that ends without it was cut off
   * @throws as `json`; an error in mid-stream is thrown when it comes
   */
  async *lines<T extends object>(path: string, call: Call, isLast: (value: T) => boolean): AsyncGenerator<T> {
    const response = await this.#send('POST', path, call)
    try {
      if (response.statusCode! >= 400) throw this.#refusal(response, await this.#text(response), true)
      let last = false
      for await (const line of splitLines(this.#chunks(response))) {
        const value = this.#parse(line)
        const { error } = value as { error?: unknown }
        if (typeof error === 'string' && error !== '') throw new ServerError(200, error)
        last = isLast(value as T)
        yield value as Awaited<T>
      }
      if (!last) throw this.#cutOff()
    } finally {
      // Whoever stops listening wants no more of it made.
      response.destroy()
    }
  }

  /** Whether the server has a blob. */
  async hasBlob(digest: string): Promise<boolean> {
    const response = await this.#send('HEAD', `/api/blobs/${digest}`, {})
    response.destroy()
    if (response.statusCode === 200) return true
    if (response.statusCode === 404) return false
    throw this.#refusal(response, '', true)
  }

  /** @throws ServerError when what arrives has another digest, or when there is no room for it */
  async sendBlob(digest: string, bytes: NonNullable<Call['bytes']>, signal?: AbortSignal): Promise<void> {
    const response = await this.#send('POST', `/api/blobs/${digest}`, { bytes, signal })
    try {
      const text = await this.#text(response)
      if (response.statusCode! >= 400) throw this.#refusal(response, text, true)
    } finally {
      // One that did not want all of it leaves a connection nothing else can be sent on.
      response.destroy()
    }
  }

  #send(method: string, path: string, { body, bytes, signal }: Call): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers: http.OutgoingHttpHeaders = { 'user-agent': this.#userAgent, accept: 'application/json' }
    if (text !== undefined) {
      headers['content-type'] = 'application/json'
      headers['content-length'] = Buffer.byteLength(text)
    } else if (bytes) headers['content-length'] = bytes.length
    const url = new URL(this.#base + path)
    const { request } = url.protocol === 'https:' ? https : http
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, signal }, response => resolve(response))
      // While a body is on its way, the server may answer and close; its answer says more than the broken pipe does.
      sent.on('error', error => reject(signal?.aborted ? error : this.#connectionError(error)))
      if (!bytes) sent.end(text)
      else {
        sendAll(sent, bytes.from).catch(error => {
          sent.destroy()
          reject(error)
        })
      }
    })
  }

  async *#chunks(response: IncomingMessage): AsyncGenerator<string> {
    response.setEncoding('utf8')
    try {
      for await (const chunk of response) yield chunk as string
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error
      throw this.#cutOff()
    }
  }

  async #text(response: IncomingMessage): Promise<string> {
    let text = ''
    for await (const chunk of this.#chunks(response)) {
      text += chunk
      if (text.length > longestAnswer) throw this.#noOllama('its answer does not end')
    }
    return text
  }

  /** @param stream upstream puts the status in front of what a stream was refused with (upstream api/client.go) */
  #refusal(response: IncomingMessage, text: string, stream: boolean): CommandError {
    const status = response.statusCode!
    const told = errorIn(text)
    const plain = `${status} ${response.statusMessage ?? ''}`.trim()
    if (told === undefined) {
      const isText = text !== '' && !/^\s*</.test(text)
      return new ServerError(
        status,
        isText ? `${plain}: ${text.trim().slice(0, 300)}` : `${plain} from ${this.address}`,
      )
    }
    return new ServerError(status, stream ? `${plain}: ${told}` : told)
  }

  #parse(text: string): object {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    } catch {
      // Told below, together with JSON that is no object.
    }
    throw this.#noOllama(`it says ${JSON.stringify(printableLine(text.trim()).slice(0, 60))}`)
  }

  #noOllama(why: string): CommandError {
    return new CommandError(`${this.address} does not answer as an Ollama server does: ${why}`)
  }

  #cutOff(): CommandError {
    return new CommandError(`the server at ${this.address} ended in the middle of its answer`)
  }

  #connectionError(error: NodeJS.ErrnoException): CommandError {
    const code = error.code ?? ''
    if (code.startsWith('HPE_')) return this.#noOllama('that is no HTTP')
    if (code === 'ECONNRESET' || code === 'EPIPE') return this.#cutOff()
    const isOfSystem = systemMessage(error) !== undefined
    return new CannotConnect(
      code,
      `could not connect to ${this.address}: ${isOfSystem ? systemWords(code) : error.message}`,
    )
  }
}

/** Sends as fast as the server takes; one that answers before the end wants no more. */
async function sendAll(request: http.ClientRequest, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let over = false
  let wake = () => {}
  const end = () => {
    over = true
    wake()
  }
  request
    .once('response', end)
    .once('close', end)
    .on('drain', () => wake())
  for await (const chunk of bytes) {
    if (over) return
    if (request.write(chunk)) continue
    await new Promise<void>(resolve => {
      wake = resolve
      if (over) resolve()
    })
  }
  request.end()
}

async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    if (rest.length > longestLine) throw new CommandError('the server sends a line that does not end')
    for (const line of lines) if (line.trim() !== '') yield line
  }
  if (rest.trim() !== '') yield rest
}

function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    if (typeof error === 'string') return error
  } catch {
    // Not JSON: the caller shows the text as it is.
  }
  return undefined
}
