import { Agent, request as httpRequest, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Listening, listen } from '../../../main/api/http.ts'
import { scriptedApi, telling } from './scripted.ts'

let server: Listening
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
beforeEach(async () => {
  server = await listen(scriptedApi(telling()).api, { host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  agent.destroy()
  await server.close()
})

/** One of an agent's requests, which all want the same connection. */
function ask(
  options: RequestOptions,
  body?: Buffer,
): Promise<[status: number | undefined, connection: string | undefined]> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ agent, host: '127.0.0.1', port: server.port, ...options }, response => {
      const { statusCode, headers } = response
      buffer(response).then(() => resolve([statusCode, headers.connection]), reject)
    })
    request.on('error', reject)
    if (body) request.write(body)
    request.end()
  })
}

// The connection was cut half a second later, under whatever its client had asked next.
test('an answer to a body that is not read to its end says that its connection ends', async () => {
  // Read until it is over the limit, and never read.
  for (const headers of [{}, { 'Content-Length': 3_000_000 }]) {
    const refused = await ask({ method: 'POST', path: '/api/show', headers }, Buffer.alloc(3_000_000, ' '))
    expect(refused).toEqual([413, 'close'])
    expect(await ask({ path: '/' })).toEqual([200, 'keep-alive'])
  }
})

test('an answer to a body that was read, or came as a whole, leaves the connection', async () => {
  for (const [path, status] of [
    ['/api/chat', 200],
    ['/api/signout', 401],
    ['/nothing', 404],
  ] as const) {
    const options = { method: 'POST', path, headers: { 'Content-Length': 2 } }
    expect(await ask(options, Buffer.from('{}'))).toEqual([status, 'keep-alive'])
  }
  expect(await server.connections()).toBe(1)
})

const body = Buffer.alloc(16 * 1024 * 1024, ' ')
const whole = `Content-Length: ${body.length}\r\n\r\n`

// As Python's clients do: what they send into a closed connection fails before they have looked for the answer.
test.each([
  ['that was read in part', `1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1000000\r\n`, 413],
  ['that nobody touched', `1.1\r\nHost: nothing.example\r\n${whole}`, 403],
  ['of a client that knows no second request', `1.0\r\nHost: nothing.example\r\n${whole}`, 403],
])('a client that sends all of its body before it reads gets its answer: one %s', async (_, head, status) => {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
  const send = (bytes: string | Buffer) =>
    new Promise<void>((resolve, reject) => socket.write(bytes, error => (error ? reject(error) : resolve())))
  await send(`POST /api/show HTTP/${head}`)
  await send(body)
  if (head.includes('chunked')) await send('\r\n0\r\n\r\n')
  expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*\r\nconnection: close\r\n`, 'i'))
  socket.end()
})
