import { describe, expect, test } from 'vitest'
import { allowedOrigins } from '../../../main/api/allowed-origins.ts'
import { guard } from '../../../main/api/guard.ts'
import { scriptedApi, telling } from './scripted.ts'

const door = ({ origins = '', loopback = true } = {}) =>
  guard(scriptedApi(telling()).api, { origins: allowedOrigins(origins), loopback })

const ask = async (options: object, method: string, headers: Record<string, string>, path = '/api/version') => {
  const request = new Request(`http://ignored${path}`, { method, headers: { host: '127.0.0.1:11434', ...headers } })
  const response = await door(options).fetch(request)
  const cors = Object.fromEntries(
    [...response.headers].filter(([name]) => name.startsWith('access-control') || name === 'vary'),
  )
  return { status: response.status, cors, text: await response.text() }
}

describe('by origin', () => {
  test('none, or the server’s own, passes without a word', async () => {
    expect(await ask({}, 'GET', {})).toEqual({ status: 200, cors: {}, text: '{"version":"0.0.0"}' })
    for (const origin of ['http://127.0.0.1:11434', 'https://127.0.0.1:11434']) {
      expect(await ask({}, 'GET', { origin })).toEqual({ status: 200, cors: {}, text: '{"version":"0.0.0"}' })
    }
  })

  test('an allowed one is named in the answer', async () => {
    const cors = { 'access-control-allow-origin': 'http://localhost:3000', vary: 'Origin' }
    expect(await ask({}, 'GET', { origin: 'http://localhost:3000' })).toMatchObject({ status: 200, cors })
    expect(await ask({}, 'GET', { origin: 'http://localhost:3000' }, '/nothing')).toMatchObject({ status: 404, cors })
  })

  test('with all allowed the answer says *', async () => {
    const { status, cors } = await ask({ origins: '*' }, 'GET', { origin: 'https://any.example' })
    expect([status, cors]).toEqual([200, { 'access-control-allow-origin': '*' }])
  })

  test.each(['GET', 'POST', 'OPTIONS'])('a foreign one gets 403 and nothing else, %s too', async method => {
    expect(await ask({}, method, { origin: 'https://evil.example' })).toEqual({ status: 403, cors: {}, text: '' })
  })

  test('a preflight is answered for any path', async () => {
    const { status, cors, text } = await ask(
      {},
      'OPTIONS',
      { origin: 'app://x', 'access-control-request-method': 'POST' },
      '/any',
    )
    expect([status, text]).toEqual([204, ''])
    expect(cors).toMatchObject({
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
      'access-control-allow-origin': 'app://x',
      'access-control-max-age': '43200',
      vary: 'Origin',
    })
    // Upstream's, and what browser clients of Anthropic's API send.
    expect(cors['access-control-allow-headers']).toBe(
      'Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,' +
        'X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,' +
        'X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,' +
        'X-Stainless-Runtime-Version,X-Stainless-Timeout,X-Api-Key,Anthropic-Version,Anthropic-Beta,' +
        'Anthropic-Dangerous-Direct-Browser-Access',
    )
  })
})

describe('by host, when only this machine can connect', () => {
  test.each([
    ['localhost:11434', 200],
    ['192.168.0.9', 200],
    ['hearth.local', 200],
    ['evil.example', 403],
    ['evil.example:11434', 403],
  ])('%s: %d', async (host, status) => {
    expect(await ask({}, 'GET', { host })).toMatchObject({ status, cors: {} })
  })

  test('a server for the whole network does not look at it', async () => {
    expect(await ask({ loopback: false }, 'GET', { host: 'chat.example' })).toMatchObject({ status: 200 })
  })

  test('OPTIONS without an origin is 204 for a name, and 405 for an address as for any method', async () => {
    expect(await ask({}, 'OPTIONS', { host: 'localhost:11434' })).toMatchObject({ status: 204, text: '' })
    expect(await ask({}, 'OPTIONS', {})).toMatchObject({ status: 405 })
  })

  test('a rebound name is refused although its origin matches it', async () => {
    const headers = { host: 'evil.example:11434', origin: 'http://evil.example:11434' }
    expect(await ask({}, 'POST', headers, '/api/chat')).toEqual({ status: 403, cors: {}, text: '' })
  })
})
