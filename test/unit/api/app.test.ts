import { describe, expect, test } from 'vitest'
import { scriptedApi, telling } from './scripted.ts'

const { api } = scriptedApi(telling({ type: 'done', reason: 'stop' }))
const ask = (method: string, path: string) => api.fetch(new Request(`http://localhost${path}`, { method }))

test.each([
  ['GET', '/', 200, 'text/plain; charset=utf-8', 'Ollama is running'],
  ['HEAD', '/', 200, 'text/plain; charset=utf-8', ''],
  ['GET', '/api/version', 200, 'application/json; charset=utf-8', '{"version":"0.0.0"}'],
  ['HEAD', '/api/version', 200, 'application/json; charset=utf-8', ''],
  ['GET', '/api/version?x=1', 200, 'application/json; charset=utf-8', '{"version":"0.0.0"}'],
  ['GET', '/api/status', 200, 'application/json; charset=utf-8', '{"cloud":{"disabled":true,"source":"config"}}'],
])('%s %s', async (method, path, status, type, body) => {
  const response = await ask(method, path)
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([status, type, body])
})

test.each([
  ['GET', '/nothing'],
  ['POST', '/api'],
  ['GET', '/api/'],
  ['GET', '/API/VERSION'],
  ['OPTIONS', '/nothing'],
  ['POST', '/v1/messages/count_tokens'],
  ['POST', '/api/version/'],
  ['GET', '/constructor'],
])('%s %s is on nobody’s list', async (method, path) => {
  const response = await ask(method, path)
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    404,
    'text/plain',
    '404 page not found',
  ])
})

test.each([
  ['GET', '/api/chat', 'POST'],
  ['HEAD', '/api/chat', 'POST'],
  ['DELETE', '/api/generate', 'POST'],
  ['HEAD', '/api/status', 'GET'],
  ['POST', '/api/version', 'GET, HEAD'],
  ['OPTIONS', '/api/version', 'GET, HEAD'],
  ['GET', '/v1/chat/completions', 'POST'],
  ['GET', '/api/embed', 'POST'],
  ['PUT', '/v1/embeddings', 'POST'],
  ['constructor', '/', 'GET, HEAD'],
])('%s %s is told which methods there are', async (method, path, allow) => {
  const response = await ask(method, path)
  const body = method === 'HEAD' ? '' : '405 method not allowed'
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    405,
    'text/plain',
    body,
  ])
  expect(response.headers.get('allow')).toBe(allow)
})

describe('a slash too many', () => {
  test.each([
    ['GET', '/api/version/', 301, '/api/version'],
    ['GET', '/api/version/?a=b', 301, '/api/version?a=b'],
    ['HEAD', '/api/version/', 307, '/api/version'],
    ['POST', '/api/chat/', 307, '/api/chat'],
    ['GET', '//api/version', 301, '/api/version'],
    ['GET', '/api//version?a=//b', 301, '/api/version?a=//b'],
    ['GET', '/api/version//', 301, '/api/version/'],
    ['POST', '//api/chat', 307, '/api/chat'],
    ['GET', '//nothing.example//', 301, '/nothing.example/'],
  ])('%s %s', async (method, path, status, location) => {
    const response = await ask(method, path)
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([status, location, ''])
  })
})
