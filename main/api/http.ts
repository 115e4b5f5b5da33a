import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import { systemWords } from '../go/system-error.ts'
import { asProblem } from '../problem.ts'
import { isLoopback } from './allowed-host.ts'
import { allowedOrigins } from './allowed-origins.ts'
import type { Api } from './app.ts'
import { guard } from './guard.ts'
import { errorResponse } from './responses.ts'
import { type Exchange, lastIfUnread } from './unread-body.ts'

/** Milliseconds between two looks for connections whose last answer has ended. */
const idleLook = 250

/** Requests of one connection that wait for the one that is answered; clients send few ahead, if any. */
const mostWaiting = 256

export interface ListenOptions {
  /** Name or address; empty for all interfaces. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** OLLAMA_ORIGINS. */
  readonly origins?: string
  /** Milliseconds after which a connection ends that has not said what it asks for; a minute where none are given. */
  readonly headTimeout?: number
  /** Called once for each request, when its answer has ended or its client has left. */
  readonly onRequest?: (entry: RequestLogEntry) => void
}

export interface RequestLogEntry {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  /** 0 when the client left before there was an answer. */
  readonly status: number
  readonly milliseconds: number
  readonly remoteAddress: string
}

export interface Listening {
  readonly address: string
  readonly port: number
  /** Connections open now; one that is kept alive counts until it ends. */
  connections(): Promise<number>
  /** From now on, pages of these origins may call. @throws Problem for what is no OLLAMA_ORIGINS; then all stays */
  allow(origins: string): void
  /** Stops listening, so that another may; answers on their way go on. Resolves once the address is free. */
  drain(): Promise<void>
  /** Stops listening, and ends every connection with the work that is done for it. */
  close(): Promise<void>
}

/** The address cannot be listened on; `code` is the system's, most often EADDRINUSE: someone else has the port. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'

  constructor(
    readonly code: string,
    readonly host: string,
    readonly port: number,
  ) {
    super(`listen tcp ${host}:${port}: bind: ${systemWords(code)}`)
  }
}

/**
 * Serves the app over HTTP/1.1, guarded by OLLAMA_ORIGINS and, on loopback, by the Host header.
 * @throws CannotListen, or Problem when OLLAMA_ORIGINS is wrong
 */
export async function listen(api: Api, options: ListenOptions): Promise<Listening> {
  const origins = allowedOrigins(options.origins ?? '')
  const { headTimeout = 60_000 } = options
  const server = createServer({
    // A blob takes as long as it takes.
    requestTimeout: 0,
    headersTimeout: headTimeout,
    connectionsCheckingInterval: headTimeout / 2,
    keepAliveTimeout: 75_000,
    // Go, too, allows a megabyte of headers, and cookies of all of localhost come along.
    maxHeaderSize: 1024 * 1024,
  })
  const { address, port } = await bind(server, options)
  const loopback = isLoopback(address)
  let guarded = guard(api, { origins, loopback })
  const answer = async (request: Request, sockets: Sockets): Promise<Response> => {
    const response = hasReadablePath(sockets.incoming.url) ? await guarded.fetch(request) : unreadable()
    return sentAtOnce(sockets, await lastIfUnread(sockets, response))
  }
  const handle = getRequestListener(answer, {
    hostname: 'localhost',
    overrideGlobalObjects: false,
    errorHandler: error => (error instanceof RequestError ? unreadable() : errorResponse(asProblem(error))),
  })
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (options.onRequest) report(incoming, outgoing, options.onRequest)
    void handle(incoming, outgoing)
  }
  server.on('request', oneByOne(begin))
  return {
    address,
    port,
    connections: () => connections(server),
    allow: text => {
      guarded = guard(api, { origins: allowedOrigins(text), loopback })
    },
    drain: () => drain(server),
    close: () => close(server),
  }
}

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}

function bind(server: Server, { host, port }: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    // Once bound, an error is a connection that could not be accepted (no file left to open): its client sees it, and
    // nothing is left to reject.
    server.on('error', (error: NodeJS.ErrnoException) => reject(new CannotListen(error.code ?? '', host, port)))
    server.listen({ port, host: host || undefined }, () => resolve(server.address() as AddressInfo))
  })
}

/** Node frees the address before it waits for connections; one that is kept alive ends with its answer. */
async function drain(server: Server): Promise<void> {
  server.on('request', (_, outgoing) => outgoing.setHeader('Connection', 'close'))
  server.close()
  server.closeIdleConnections()
  const idle = setInterval(() => server.closeIdleConnections(), idleLook)
  server.once('close', () => clearInterval(idle))
  await new Promise(resolve => setImmediate(resolve))
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

interface Sockets extends Exchange {
  readonly incoming: Exchange['incoming'] & { readonly httpVersionMinor: number; readonly url?: string }
}

/** Go knows no path in which a % stands before anything but two hexadecimal digits (net/url, unescape). */
const hasReadablePath = (url = ''): boolean => !/^[^?]*%(?![\da-f]{2})/i.test(url)

/** What Go's server says to a request whose address it cannot read (net/http, serve): the last of its connection. */
function unreadable(): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }
  return new Response('400 Bad Request', { status: 400, headers })
}

/**
 * A stream's head and first line go out as they come, and in one piece. Without a stated transfer encoding the adapter
 * would first wait whether the whole answer is there, a millisecond of every first token. HTTP/1.0 knows no chunks.
 */
function sentAtOnce({ incoming, outgoing }: Sockets, response: Response): Response {
  const isStream = /^(?:application\/x-ndjson|text\/event-stream)/.test(response.headers.get('content-type') ?? '')
  if (isStream && incoming.httpVersionMinor > 0) {
    response.headers.set('Transfer-Encoding', 'chunked')
    // Not the answer itself: of a corked one Node 22 writes the lines behind the end, where it comes with them.
    const { socket } = outgoing
    socket?.cork()
    // The first line is there already, and is written before the loop turns.
    setImmediate(() => socket?.uncork())
  }
  return response
}

/**
 * Requests that come on one connection before the answers to those in front of them begin when these have ended, as in
 * Go. Node would begin all of them, and never tell those behind the first that their client has left.
 */
function oneByOne(begin: (incoming: IncomingMessage, outgoing: ServerResponse) => void): typeof begin {
  const lines = new WeakMap<Socket, { last?: ServerResponse; waiting: number }>()
  return (incoming, outgoing) => {
    const { socket } = incoming
    const line = lines.get(socket) ?? { waiting: 0 }
    lines.set(socket, line)
    const before = line.last
    line.last = outgoing
    if (!before || before.closed) begin(incoming, outgoing)
    else if (line.waiting === mostWaiting) socket.destroy()
    else {
      line.waiting += 1
      before.once('close', () => {
        line.waiting -= 1
        // An answer that is to be written has its connection by then.
        if (outgoing.socket) begin(incoming, outgoing)
      })
    }
  }
}

function report(incoming: IncomingMessage, outgoing: ServerResponse, tell: (entry: RequestLogEntry) => void): void {
  const started = performance.now()
  // The socket forgets its peer when it closes.
  const remoteAddress = incoming.socket.remoteAddress ?? ''
  outgoing.once('close', () =>
    tell({
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      status: outgoing.headersSent ? outgoing.statusCode : 0,
      milliseconds: performance.now() - started,
      remoteAddress,
    }),
  )
}
