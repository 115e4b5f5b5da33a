import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong with one answer. */
export type Fault =
  /** An answer of the proxy's own. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  /** The registry's answer, cut off after some bytes; or silent after them. */
  | { readonly cutAfter: number }
  | { readonly stallAfter: number }
  /** The registry did what it was asked to, and nobody hears of it. */
  | { readonly lost: true }
  /** The connection is cut while the request's body comes, of which the registry hears nothing. */
  | { readonly cutsBody: true }
  /** One byte of it is another. */
  | { readonly wrongByteAt: number }
  /** All of it, whatever part of it was asked for; cut off after some bytes, if so. */
  | { readonly rangeless: true; readonly cutAfter?: number; readonly wrongByteAt?: number }
  /** At most so many bytes a second, from a byte of the answer on. */
  | { readonly slow: number; readonly from?: number }

/** A request as it arrived, and what became of it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** The host that was asked. */
  readonly host: string
  /** First and last byte of the range, if one was asked for. */
  readonly range: readonly [first: number, last: number] | undefined
  /** Bytes of the body that were sent back. */
  served: number
}

/** Stands in front of a registry and spoils what it is told to spoil. */
export class FaultyProxy {
  readonly seen: Seen[] = []
  /** Asked for every request; undefined lets it through. */
  fault: (seen: Seen) => Fault | undefined = () => undefined
  /** Only those who proved to have a key get in. */
  tokens: Set<string> | undefined
  readonly #servers: Server[] = []
  host = ''
  /** Another host with the same blobs, as a store of files behind a registry. */
  otherHost = ''

  constructor(private readonly registry: string) {}

  static async start(registry: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(registry)
    proxy.host = `127.0.0.1:${await proxy.#listen('127.0.0.1')}`
    proxy.otherHost = `localhost:${await proxy.#listen('localhost')}`
    return proxy
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }

  /** Forgets what happened, and lets everything through. */
  reset(): void {
    this.seen.length = 0
    this.fault = () => undefined
    this.tokens = undefined
  }

  /** Requests for blobs' bytes. */
  get ranges(): Seen[] {
    return this.seen.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'))
  }

  async #listen(hostname: string): Promise<number> {
    const server = createServer((request, response) => this.#handle(request, response))
    this.#servers.push(server)
    await new Promise<void>(resolve => server.listen(0, hostname, resolve))
    return (server.address() as AddressInfo).port
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams: query } = new URL(request.url!, 'http://proxy')
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    const { headers, method = '' } = request
    const seen: Seen = {
      method,
      path,
      query,
      headers,
      host: headers.host ?? '',
      served: 0,
      range: range ? [Number(range[1]), Number(range[2])] : undefined,
    }
    this.seen.push(seen)
    const fault = this.fault(seen)
    if (fault && 'status' in fault) {
      const answer = () => response.writeHead(fault.status, fault.headers).end(fault.body)
      // A refusal and a redirect do not wait for the body; a yes does.
      return void (fault.status < 300 ? request.resume().once('end', answer) : answer())
    }
    if (this.tokens && seen.host === this.host) {
      if (path === '/token') return void this.#token(seen, response)
      if (!this.tokens.has(headers.authorization ?? '')) return void this.#challenge(response)
    }
    if (fault && 'cutsBody' in fault) return void request.once('data', () => request.destroy())
    this.#forward(request, response, seen, fault)
  }

  #challenge(response: ServerResponse): void {
    const realm = `http://${this.host}/token`
    const scope = 'repository:library/tiny:pull,push registry:all:read'
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="${this.host}",scope="${scope}"` })
    response.end()
  }

  /** Checks the signature as ollama.com does: over method, address and the hash of an empty body. */
  #token(seen: Seen, response: ServerResponse): void {
    const [key = '', signature = ''] = (seen.headers.authorization ?? '').split(':')
    const raw = Buffer.from(key, 'base64').subarray(-32)
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
    const empty = 'ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ=='
    const text = `GET,http://${this.host}${seen.path}?${seen.query},${empty}`
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    if (!verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))) {
      return void response.writeHead(403).end('the signature is not of this key')
    }
    const token = randomUUID()
    this.tokens!.add(`Bearer ${token}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }))
  }

  #forward(request: IncomingMessage, response: ServerResponse, seen: Seen, fault: Fault | undefined): void {
    const [hostname, port] = this.registry.split(':')
    const { range, ...headers } = request.headers
    const passed = range !== undefined && !(fault && 'rangeless' in fault) ? { ...headers, range } : headers
    const onward = httpRequest({
      hostname,
      port,
      method: request.method,
      path: request.url,
      headers: { ...passed, host: seen.host },
    })
    onward.on('error', () => response.destroy())
    onward.on('response', answer => {
      // Cut short when whoever asked has gone.
      this.#answer(answer, response, seen, fault).catch(() => response.destroy())
    })
    request.pipe(onward)
    response.on('close', () => onward.destroy())
  }

  async #answer(
    answer: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
    fault: Fault | undefined,
  ): Promise<unknown> {
    if (fault && 'lost' in fault) return response.destroy(void answer.destroy())
    response.writeHead(answer.statusCode!, answer.headers)
    if (seen.method === 'HEAD') return response.end()
    for await (const piece of answer as AsyncIterable<Buffer>) {
      const { bytes, ended } = await spoil(piece, seen.served, fault)
      seen.served += bytes.length
      if (!response.write(bytes)) await drained(response)
      if (ended === 'stall') return answer.destroy()
      if (ended === 'cut' || response.destroyed) return response.destroy(void answer.destroy())
    }
    return response.end()
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

async function spoil(
  piece: Buffer,
  at: number,
  fault: Fault | undefined,
): Promise<{ bytes: Buffer; ended?: 'cut' | 'stall' }> {
  if (!fault || 'status' in fault || 'lost' in fault) return { bytes: piece }
  if ('slow' in fault) {
    const wait = at + piece.length > (fault.from ?? 0) ? piece.length / fault.slow : 0
    await new Promise(resolve => setTimeout(resolve, wait * 1000))
    return { bytes: piece }
  }
  if ('wrongByteAt' in fault) {
    const place = (fault.wrongByteAt ?? -1) - at
    if (place >= 0 && place < piece.length) piece[place]! ^= 1
  }
  const { stallAfter, cutAfter } = { stallAfter: undefined, cutAfter: undefined, ...fault }
  const limit = stallAfter ?? cutAfter ?? Number.POSITIVE_INFINITY
  if (at + piece.length < limit) return { bytes: piece }
  return { bytes: piece.subarray(0, limit - at), ended: stallAfter === undefined ? 'cut' : 'stall' }
}
