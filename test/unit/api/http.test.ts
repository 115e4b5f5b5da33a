import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Api } from '../../../main/api/app.ts'
import {
  CannotListen,
  type Listening,
  type ListenOptions,
  listen,
  type RequestLogEntry,
} from '../../../main/api/http.ts'
import type { InferenceEvent } from '../../../main/inference/requests.ts'
import { scriptedApi, telling } from './scripted.ts'

const open: Listening[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const serve = async (api: Api = scriptedApi(telling()).api, options: Partial<ListenOptions> = {}) => {
  const server = await listen(api, { host: '127.0.0.1', port: 0, ...options })
  open.push(server)
  return server
}

/** Bytes as they are sent, and everything that comes back until the other side hangs up or `until` is met. */
async function raw(port: number, text: string, until?: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1')
  socket.write(text, 'latin1')
  for await (const chunk of socket) {
    received += chunk
    if (until?.test(received)) break
  }
  socket.destroy()
  return received
}

const delta = (content: string): InferenceEvent => ({ type: 'delta', content })

/** A model that says `x` every millisecond until it is told to stop. */
function endless() {
  const state = { told: 0, stopped: 0 }
  const { api } = scriptedApi(async function* (_, signal) {
    signal.addEventListener('abort', () => {
      state.stopped = performance.now()
    })
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 1))
      signal.throwIfAborted()
      state.told++
      yield delta('x')
    }
  })
  return { api, state }
}

describe('the address', () => {
  test('is told as it is, with the port the system chose', async () => {
    const { address, port } = await serve()
    expect(address).toBe('127.0.0.1')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('Ollama is running')
  })

  test('that someone else has is an error the caller can react to', async () => {
    const { port } = await serve()
    const failure = await serve(undefined, { port }).catch(error => error)
    expect(failure).toBeInstanceOf(CannotListen)
    expect(failure).toMatchObject({ code: 'EADDRINUSE', host: '127.0.0.1', port })
    expect(failure.message).toBe(`listen tcp 127.0.0.1:${port}: bind: address already in use`)
  })

  test('that is not this machine’s is another', async () => {
    await expect(serve(undefined, { host: '192.0.2.1' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
  })

  test('with a wrong OLLAMA_ORIGINS is never bound', async () => {
    await expect(serve(undefined, { origins: 'example.com' })).rejects.toThrow('bad origin')
  })

  test('of the whole network does not check Host, loopback does', async () => {
    const everywhere = await serve(undefined, { host: '0.0.0.0' })
    const here = await serve()
    const ask = (port: number) => raw(port, 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    expect(await ask(everywhere.port)).toMatch(/^HTTP\/1.1 200 /)
    expect(await ask(here.port)).toMatch(/^HTTP\/1.1 403 Forbidden\r\n[\s\S]*Content-Length: 0\r\n[\s\S]*\r\n\r\n$/i)
  })
})

describe('the framing', () => {
  test('of a stream: chunked, one line a chunk, the first without waiting for the second', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const { api } = scriptedApi(async function* () {
      yield delta('first')
      await held
      yield delta('second')
    })
    const { port } = await serve(api)
    const response = await fetch(`http://127.0.0.1:${port}/api/chat`, { method: 'POST', body: '{"model":"m"}' })
    expect(response.headers.get('transfer-encoding')).toBe('chunked')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(response.headers.has('server')).toBe(false)
    expect(response.headers.has('date')).toBe(true)
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toMatch(/^\{.*"first".*\}\n$/)
    release()
    expect(Buffer.from((await reader.read()).value!).toString()).toMatch(/^\{.*"second".*\}\n$/)
    expect((await reader.read()).done).toBe(true)
  })

  // An answer whose first line is its last, as that of a call, came as an empty one with its lines behind the end.
  test('of a stream that is there as a whole: its lines, its end, and the next answer behind it', async () => {
    const { port } = await serve(scriptedApi(telling(delta('a'), { type: 'done', reason: 'stop' })).api)
    const ask = (connection: string) =>
      `POST /api/chat HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\nContent-Length: 13\r\n\r\n{"model":"m"}`
    const chunks = '(?:[0-9a-f]+\\r\\n(?:\\{.*\\}\\n)+\\r\\n)+0\\r\\n\\r\\n'
    const answers = new RegExp(`^(?:HTTP/1\\.1 200 OK\\r\\n(?:[^\\r]+\\r\\n)+\\r\\n${chunks}){2}$`)
    expect(await raw(port, ask('keep-alive') + ask('close'))).toMatch(answers)
  })

  test('of a stream to HTTP/1.0: no chunks, ended by hanging up', async () => {
    const { port } = await serve(scriptedApi(telling(delta('a'), { type: 'done', reason: 'stop' })).api)
    const answer = await raw(port, 'POST /api/chat HTTP/1.0\r\nContent-Length: 13\r\n\r\n{"model":"m"}')
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(answer).not.toMatch(/transfer-encoding/i)
    expect(
      answer
        .split('\r\n\r\n')[1]!
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).done),
    ).toEqual([false, true])
  })

  test('of a whole answer: its length', async () => {
    const { port } = await serve()
    const response = await fetch(`http://127.0.0.1:${port}/api/version`)
    expect(response.headers.get('content-length')).toBe('19')
  })

  test.each([
    ['GET / HTTP/1.0\r\n\r\n', /^HTTP\/1.1 200 /],
    ['GET http://127.0.0.1/api/version HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', /"version"/],
    ['GET /%2e%2e/api/version HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 (200|404) /],
    ['GET /\\ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 400 [\s\S]*Bad Request$/],
    ['GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 400 /],
    ['OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 4\d\d /],
    ['NONSENSE\r\n\r\n', /^HTTP\/1.1 400 /],
    ['GET / HTTP/1.1\r\n\r\n', /^HTTP\/1.1 400 /],
    [
      `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'c'.repeat(100_000)}\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1.1 200 /,
    ],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'c'.repeat(1_100_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
  ])('of odd requests: %#', async (text, expected) => {
    const { port } = await serve()
    expect(await raw(port, text)).toMatch(expected)
  })
})

// As Go's server answers them; one that went on with the connection would read what a client gave up as its next.
describe('an address that cannot be read', () => {
  test.each([
    'GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /api/%2 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'POST /api/chat%?a=b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc',
    'GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
  ])('%j is the last of its connection', async request => {
    const { port } = await serve()
    expect(await raw(port, `${request}GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text\/plain; charset=utf-8\r\n[^{]*\r\n\r\n400 Bad Request$/i,
    )
  })

  test('is no matter of what stands behind a question mark', async () => {
    const { port } = await serve()
    expect((await fetch(`http://127.0.0.1:${port}/api/version?a=%zz`)).status).toBe(200)
  })
})

describe('bodies', () => {
  test('over the limit are refused by their length, before they are sent', async () => {
    const { port } = await serve()
    const head = `POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${300 * 1024 * 1024}\r\n\r\n`
    expect(await raw(port, head, /\}$/)).toMatch(/^HTTP\/1.1 413 [\s\S]*\{"error":"http: request body too large"\}$/)
  })

  test('without a length are refused as soon as they are over it', async () => {
    const { port } = await serve()
    let sent = 0
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', path: '/api/chat', method: 'POST' }, response => {
        resolve(response.statusCode)
        response.resume()
        request.destroy()
      })
      const piece = Buffer.alloc(4 * 1024 * 1024, 0x20)
      const more = () => {
        while (!request.destroyed && sent < 1024 * 1024 * 1024) {
          sent += piece.length
          if (!request.write(piece)) return request.once('drain', more)
        }
      }
      request.on('error', reject)
      more()
    })
    expect(status).toBe(413)
    expect(sent).toBeLessThan(400 * 1024 * 1024)
  })

  test('cut off in the middle leave the server as it was', async () => {
    const entries: RequestLogEntry[] = []
    const { port } = await serve(undefined, { onRequest: entry => entries.push(entry) })
    const socket = connect(port, '127.0.0.1')
    const head = 'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"model":'
    await new Promise(resolve => socket.write(head, resolve))
    socket.destroy()
    await expect.poll(() => entries.length).toBe(1)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('Ollama is running')
  })
})

describe('clients that leave or dawdle', () => {
  test('hanging up in the middle of a stream stops inference at once', async () => {
    const { api, state } = endless()
    const { port } = await serve(api)
    const leaving = new AbortController()
    const response = await fetch(`http://127.0.0.1:${port}/api/chat`, {
      method: 'POST',
      body: '{"model":"m"}',
      signal: leaving.signal,
    })
    await response.body!.getReader().read()
    leaving.abort()
    await expect.poll(() => state.stopped, { interval: 5 }).toBeGreaterThan(0)
  })

  test('hanging up before the first token stops it, too, streamed or not', async () => {
    for (const stream of [true, false]) {
      let [begun, stopped] = [false, false]
      const { api } = scriptedApi(async function* (_, signal) {
        const left = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
        begun = true
        await left
        stopped = true
        signal.throwIfAborted()
        yield delta('never')
      })
      const { port } = await serve(api)
      const body = JSON.stringify({ model: 'm', stream })
      const socket = connect(port, '127.0.0.1')
      socket.write(`POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      await expect.poll(() => begun, { interval: 5 }).toBe(true)
      expect(stopped).toBe(false)
      socket.destroy()
      await expect.poll(() => stopped, { interval: 5 }).toBe(true)
    }
  })

  // Node would begin all of them, and tell those behind the first nothing of their client.
  test('hanging up with requests behind the one that is answered: none of them begins', async () => {
    let begun = 0
    let stopped = 0
    const { api } = scriptedApi(async function* (_, signal) {
      begun++
      yield delta('x')
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
      stopped++
    })
    const { port } = await serve(api)
    const request = 'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{"model":"m"}'
    await raw(port, request.repeat(3), /"x"/)
    await expect.poll(() => stopped, { interval: 5 }).toBe(1)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('Ollama is running')
    expect([begun, stopped]).toEqual([1, 1])
  })

  test('asking ever more behind a request that is answered ends the connection', async () => {
    const { api, state } = endless()
    const { port } = await serve(api)
    const chat = 'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{"model":"m"}'
    // What it had not read yet resets the connection.
    await raw(port, chat + 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(300)).catch(() => undefined)
    await expect.poll(() => state.stopped, { interval: 5 }).toBeGreaterThan(0)
  })

  test('saying nothing, or half of what it asks, ends a connection', async () => {
    const { port } = await serve(undefined, { headTimeout: 200 })
    const answers = await Promise.all(['', 'GET / HTTP/1.1\r\nHost: local'].map(text => raw(port, text)))
    expect(answers).toEqual([expect.stringMatching(/^HTTP\/1\.1 408 /), expect.stringMatching(/^HTTP\/1\.1 408 /)])
  })

  test('a body that comes slowly may', async () => {
    const { api } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
    const { port } = await serve(api, { headTimeout: 400 })
    const silent = raw(port, '')
    const slow = connect(port, '127.0.0.1')
    const answered = (async () => {
      let received = ''
      for await (const chunk of slow) received += chunk
      return received
    })()
    slow.write('POST /api/chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{"model"')
    // Once the server has looked for connections that say nothing, twice.
    await silent
    await raw(port, '')
    slow.write(':"m"}')
    expect(await answered).toMatch(/^HTTP\/1\.1 200 [\s\S]*"done":true/)
  })

  test('never reading stops the making of more, and no answer piles up in memory', async () => {
    const piece = 'x'.repeat(64 * 1024)
    let told = 0
    const { api } = scriptedApi(async function* (_, signal) {
      for (; told < 20_000; told++) {
        signal.throwIfAborted()
        yield delta(piece)
      }
    })
    const { port } = await serve(api)
    const socket: Socket = connect(port, '127.0.0.1')
    socket.pause()
    socket.write('POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{"model":"m"}')
    let before = -1
    await expect
      .poll(
        () => {
          const still = told === before
          before = told
          return still && told > 0
        },
        { interval: 300 },
      )
      .toBe(true)
    // What the kernel's two socket buffers hold: a few megabytes, of more than a gigabyte there is to tell.
    expect(told).toBeLessThan(500)
    socket.destroy()
  })

  test('closing the server ends idle and busy connections and the work for them', async () => {
    const { api, state } = endless()
    const server = await listen(api, { host: '127.0.0.1', port: 0 })
    const response = await fetch(`http://127.0.0.1:${server.port}/api/chat`, { method: 'POST', body: '{"model":"m"}' })
    const reader = response.body!.getReader()
    await reader.read()
    const idle = connect(server.port, '127.0.0.1')
    await new Promise(resolve => idle.once('connect', resolve))
    const ended = new Promise(resolve => idle.once('close', resolve))
    await server.close()
    await ended
    await expect.poll(() => state.stopped, { interval: 5 }).toBeGreaterThan(0)
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow()
  })
})

test('each request is told once to the log, with what became of it', async () => {
  const entries: RequestLogEntry[] = []
  const { api } = endless()
  const { port } = await serve(api, { onRequest: entry => entries.push(entry) })
  await (await fetch(`http://127.0.0.1:${port}/api/version?x`)).text()
  await (await fetch(`http://127.0.0.1:${port}/nothing`, { method: 'POST', body: 'x' })).text()
  const leaving = new AbortController()
  const body = '{"model":"m"}'
  const response = await fetch(`http://127.0.0.1:${port}/api/chat`, { method: 'POST', body, signal: leaving.signal })
  await response.body!.getReader().read()
  leaving.abort()
  await expect.poll(() => entries.length).toBe(3)
  expect(entries).toMatchObject([
    { method: 'GET', url: '/api/version?x', status: 200, remoteAddress: '127.0.0.1' },
    { method: 'POST', url: '/nothing', status: 404 },
    { method: 'POST', url: '/api/chat', status: 200 },
  ])
  for (const { milliseconds } of entries) expect(milliseconds).toBeGreaterThan(0)
})
