import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Receiver } from '../../../main/library/registry/receiver.ts'
import { blockMemory } from '../../../main/library/registry/recent-blocks.ts'
import { downloadThreads } from '../hearth.ts'

/**
 * Answers that lie about themselves, byte by byte; each must end, and no byte beyond those that were asked for be
 * written.
 */

const totalBytes = 3_000_000
const bytes = Buffer.alloc(totalBytes, 'the bytes of a blob ')
let folder: string
let file: FileHandle
let server: Server
let receiver: Receiver
const sockets = new Set<Socket>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-receive-'))
  file = await open(join(folder, 'blob'), 'wx+')
  receiver = newReceiver(30_000)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await receiver.close()
  for (const socket of sockets) socket.destroy()
  await new Promise(resolve => server.close(resolve))
  await file.close()
  rmSync(folder, { recursive: true })
})

/** @param stall milliseconds of silence that are borne with */
const newReceiver = (stall: number) => new Receiver(downloadThreads.receiveWorker, { stall, memory: blockMemory() })

async function listen(made: Server): Promise<number> {
  server = made.on('connection', socket => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** Answers each connection by these bytes, as they are. */
async function serve(answer: (socket: Socket) => void): Promise<URL> {
  const port = await listen(createServer(socket => socket.once('data', () => answer(socket))))
  return new URL(`http://127.0.0.1:${port}/blob`)
}

const head = (length: number, more = '') =>
  `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-${totalBytes - 1}/${totalBytes}\r\nContent-Length: ${length}\r\n${more}\r\n`

interface End {
  readonly statusCode?: number
  readonly said?: string
  readonly failed?: string
}

async function receive(url: URL, at = 0, length = totalBytes, signal?: AbortSignal) {
  let received = 0
  const onReceived = (count: number) => {
    received = count
  }
  const into = { file: file.fd, at, length, total: totalBytes, onStart: () => undefined, onReceived }
  const end: End = await receiver.receive(url, { range: `bytes=${at}-${at + length - 1}` }, into, signal).then(
    ({ statusCode, said }) => ({ statusCode, said: Buffer.from(said).toString() }),
    (error: NodeJS.ErrnoException) => ({ failed: error.code ?? error.message }),
  )
  return { ...end, received, written: readFileSync(join(folder, 'blob')) }
}

// The pull hung for good: the parser took the answer for whole, and nobody read its end.
test('an answer that says and brings less than was asked for ends when its connection does', async () => {
  const url = await serve(socket => socket.end(Buffer.concat([Buffer.from(head(10)), bytes.subarray(0, 10)])))
  expect(await receive(url)).toMatchObject({ failed: 'ECONNRESET', received: 10, written: bytes.subarray(0, 10) })
})

test('one that says less and brings all of it is believed by its bytes', async () => {
  const url = await serve(socket => socket.end(Buffer.concat([Buffer.from(head(10)), bytes])))
  const { received, written } = await receive(url)
  expect(written.equals(bytes.subarray(0, received))).toBe(true)
})

test('one that brings more than was asked for is cut off', async () => {
  const more = Buffer.concat([Buffer.from(head(2 * totalBytes)), bytes, bytes])
  const { statusCode, received, written } = await receive(await serve(socket => socket.end(more)))
  expect([statusCode, received]).toEqual([206, totalBytes])
  expect(written.equals(bytes)).toBe(true)
})

test('one in chunks is taken apart, and cut off where it has more', async () => {
  const chunk = (piece: Buffer) =>
    Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
  const start = `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\nTransfer-Encoding: chunked\r\n\r\n`
  const body = [bytes.subarray(0, 7), bytes.subarray(7, 2_000_000), bytes.subarray(2_000_000), bytes]
  const url = await serve(socket => socket.end(Buffer.concat([Buffer.from(start), ...body.map(chunk)])))
  const { statusCode, written } = await receive(url)
  expect(statusCode).toBe(206)
  expect(written.equals(bytes)).toBe(true)
})

// A stall of 30 seconds for each part, and one connection more each time.
test('one in chunks that has no end is over with its last byte', async () => {
  await receiver.close()
  receiver = newReceiver(3_600_000)
  const start = `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\nTransfer-Encoding: chunked\r\n\r\n`
  const chunk = Buffer.concat([Buffer.from(`${start}${totalBytes.toString(16)}\r\n`), bytes])
  const url = await serve(socket => socket.write(chunk))
  const { statusCode, received, written } = await receive(url)
  expect([statusCode, received]).toEqual([206, totalBytes])
  expect(written.equals(bytes)).toBe(true)
  await vi.waitFor(() => expect(sockets).toHaveLength(0))
})

test.each<[string, (response: ServerResponse) => void]>([
  ['is silent after its last byte', response => response.write(bytes)],
  ['goes on for ever', response => forEver(response)],
])('by TLS, one that %s is over with its last byte, and so is its connection', async (_, answer) => {
  await receiver.close()
  receiver = newReceiver(3_600_000)
  const url = await serveSecurely((_, response) => {
    response.writeHead(206, { 'content-range': `bytes 0-${totalBytes - 1}/${totalBytes}` })
    answer(response)
  })
  const { statusCode, received, written } = await receive(url)
  expect([statusCode, received]).toEqual([206, totalBytes])
  expect(written.equals(bytes)).toBe(true)
  await vi.waitFor(() => expect(sockets).toHaveLength(0))
})

function forEver(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(bytes));
    response.once('drain', more)
  }
  more()
}

test('a head that comes byte by byte with the body behind it loses nothing', async () => {
  const all = Buffer.concat([Buffer.from(head(totalBytes)), bytes])
  const url = await serve(async socket => {
    for (let at = 0; at < head(totalBytes).length + 3; at++) {
      socket.setNoDelay().write(all.subarray(at, at + 1))
      await new Promise(resolve => setImmediate(resolve))
    }
    socket.end(all.subarray(head(totalBytes).length + 3))
  })
  const { statusCode, written } = await receive(url)
  expect(statusCode).toBe(206)
  expect(written.equals(bytes)).toBe(true)
})

test('a head without an end is given up', async () => {
  const url = await serve(socket => socket.write(`HTTP/1.1 206 Partial Content\r\nX: ${'x'.repeat(100_000)}`))
  expect(await receive(url)).toMatchObject({ failed: 'HPE_HEADER_OVERFLOW', received: 0 })
})

// The words were lost, and the status with them: a 401 could not be answered by a token.
test('a refusal whose words stop coming is a refusal', async () => {
  await receiver.close()
  receiver = newReceiver(1000)
  const url = await serve(socket => socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\ntired'))
  expect(await receive(url)).toMatchObject({ statusCode: 503, said: 'tired', received: 0 })
})

test('a part of another place is not written', async () => {
  const url = await serve(socket => socket.end(Buffer.concat([Buffer.from(head(totalBytes)), bytes])))
  expect(await receive(url, 1000, 10)).toMatchObject({ statusCode: 206, received: 0, written: Buffer.alloc(0) })
})

// The bar stood where it was when the last four megabytes were told of.
test('what came before a connection fell silent is told while it is silent', async () => {
  await receiver.close()
  receiver = newReceiver(3_600_000)
  const gone = new AbortController()
  const url = await serve(socket =>
    socket.write(Buffer.concat([Buffer.from(head(totalBytes)), bytes.subarray(0, 1_500_000)])),
  )
  const onReceived = vi.fn<(bytes: number) => void>()
  const into = { file: file.fd, at: 0, length: totalBytes, total: totalBytes, onStart: () => undefined, onReceived }
  const end = receiver.receive(url, {}, into, gone.signal).catch(() => undefined)
  await vi.waitFor(() => expect(onReceived).toHaveBeenLastCalledWith(1_500_000))
  gone.abort()
  await end
})

test('after a cancel nothing more is written', async () => {
  const gone = new AbortController()
  let told = (_: Socket) => {}
  const sent = new Promise<Socket>(resolve => {
    told = resolve
  })
  const url = await serve(socket => {
    const begun = Buffer.concat([Buffer.from(head(totalBytes)), bytes.subarray(0, 1_500_000)])
    socket.write(begun, () => told(socket))
  })
  const receiving = receive(url, 0, totalBytes, gone.signal)
  const socket = await sent
  gone.abort()
  const { received, written } = await receiving
  expect(written.length).toBe(received)
  expect(received).toBeLessThanOrEqual(1_500_000)
  socket.end(bytes.subarray(1_500_000))
  await vi.waitFor(() => expect(sockets).toHaveLength(0))
  expect(readFileSync(join(folder, 'blob'))).toHaveLength(written.length)
})

// One of six tries went, and a second of waiting, for each connection that a server had closed between two parts.
test('by TLS, a connection that dies between two parts is made anew', async () => {
  const asked: (string | undefined)[] = []
  const secured = new Set<Socket>()
  const url = await serveSecurely((request, response) => {
    asked.push(request.headers.range)
    // The second request of a connection finds nobody at home.
    if (secured.has(request.socket)) return void request.socket.destroy()
    secured.add(request.socket)
    const [, first, last] = /(\d+)-(\d+)/.exec(request.headers.range!)!.map(Number)
    response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${totalBytes}` })
    response.end(bytes.subarray(first!, last! + 1))
  })
  const half = totalBytes / 2
  expect(await receive(url, 0, half)).toMatchObject({ statusCode: 206, received: half })
  const { received, written } = await receive(url, half, half)
  expect(received).toBe(half)
  expect(written.equals(bytes)).toBe(true)
  expect(asked).toHaveLength(3)
})

async function serveSecurely(answer: RequestListener): Promise<URL> {
  const [key, cert] = certificate()
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  vi.stubEnv('NODE_NO_WARNINGS', '1')
  return new URL(`https://127.0.0.1:${await listen(createHttpsServer({ key, cert }, answer))}/blob`)
}

/** A key and a certificate that nobody has signed. */
function certificate(): [key: Buffer, certificate: Buffer] {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', ...made, '-days', '1', '-subj', '/CN=localhost'], { stdio: 'ignore' })
  return [readFileSync(key), readFileSync(cert)]
}
