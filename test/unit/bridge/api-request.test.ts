import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { apiRequest } from '../../../main/bridge/api-request.ts'
import { Problem } from '../../../main/problem.ts'
import type { StreamEvent, StreamInput } from '../../../preload/contract.ts'

type Event = StreamEvent<'api.request'>

async function events(
  fetch: (request: Request) => Response | Promise<Response>,
  input: StreamInput<'api.request'>,
): Promise<Event[]> {
  const all: Event[] = []
  for await (const event of apiRequest(fetch, input, new AbortController().signal)) all.push(event)
  return all
}

describe('a request to the API app', () => {
  test('arrives with method, path, query, headers and body, and its answer comes back whole', async () => {
    const all = await events(
      async request => {
        const body = await request.json()
        const { pathname, searchParams } = new URL(request.url)
        const seen = {
          method: request.method,
          pathname,
          q: searchParams.get('q'),
          x: request.headers.get('x-test'),
          body,
        }
        return Response.json(seen, { status: 418, headers: { 'x-answer': 'yes' } })
      },
      { method: 'POST', path: '/api/show?q=a%20b', headers: { 'x-test': '1' }, body: '{"model":"m"}' },
    )
    expect(all[0]).toMatchObject({ type: 'head', status: 418, headers: { 'x-answer': 'yes' } })
    const text = all.map(event => (event.type === 'body' ? Buffer.from(event.chunk).toString() : '')).join('')
    expect(JSON.parse(text)).toEqual({ method: 'POST', pathname: '/api/show', q: 'a b', x: '1', body: { model: 'm' } })
    expect(all.at(-1)).toEqual({ type: 'end' })
  })

  // new URL(path, base) would take the first part for a host.
  test('whose path begins with two slashes stays with the app', async () => {
    let url = ''
    await events(
      request => {
        url = request.url
        return new Response()
      },
      { method: 'GET', path: '//elsewhere.example/api/tags' },
    )
    expect(url).toBe('http://localhost//elsewhere.example/api/tags')
  })

  test.each<[string, StreamInput<'api.request'>]>([
    ['a header that is none', { method: 'GET', path: '/', headers: { 'no\nheader': 'x' } }],
    ['a body where none may be', { method: 'GET', path: '/', body: 'x' }],
  ])('with %s fails as an event', async (_, input) => {
    const all = await events(() => new Response(), input)
    expect(all).toEqual([{ type: 'failed', problem: expect.objectContaining({ code: 'internal' }) }])
  })

  test('that the app refuses by throwing fails as an event with the problem', async () => {
    const all = await events(
      () => {
        throw new Problem('busy', 503, 'server busy')
      },
      { method: 'GET', path: '/' },
    )
    expect(all).toEqual([{ type: 'failed', problem: { code: 'busy', message: 'server busy' } }])
  })

  test('whose answer breaks off tells what came and then that it failed', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.from('half'))
        controller.error(new Problem('engine-crashed', 500, 'gone'))
      },
    })
    const all = await events(() => new Response(body), { method: 'GET', path: '/' })
    expect(all.at(-1)).toMatchObject({ type: 'failed', problem: { code: 'engine-crashed' } })
  })

  // A stopped answer whose model is still silent would otherwise be computed to its end.
  test('that is let go while the answer is silent cancels the answer', async () => {
    const aborted = new AbortController()
    let cancelled = false
    let signal: AbortSignal | undefined
    const body = new ReadableStream({
      cancel() {
        cancelled = true
      },
    })
    const silent = apiRequest(
      request => {
        signal = request.signal
        return new Response(body)
      },
      { method: 'POST', path: '/api/chat', body: '{}' },
      aborted.signal,
    )
    expect((await silent.next()).value).toMatchObject({ type: 'head', status: 200 })
    const next = silent.next()
    aborted.abort()
    await next
    expect(cancelled).toBe(true)
    expect(signal?.aborted).toBe(true)
  })

  // Node's Request follows its signal weakly: collected with it, the abort would never arrive, and the answer go on.
  test('hears that it was aborted, also after a collection of garbage', async () => {
    let heard = false
    const fetch = (request: Request) =>
      new Promise<Response>((_, reject) => {
        request.signal.addEventListener('abort', () => {
          heard = true
          reject(new Error('aborted'))
        })
      })
    const abort = new AbortController()
    const first = apiRequest(fetch, { method: 'GET', path: '/' }, abort.signal).next()
    await collectGarbage()
    abort.abort()
    expect(await first).toMatchObject({ value: { type: 'failed' } })
    expect(heard).toBe(true)
  })
})

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round++) {
    collect()
    await sleep(5)
  }
}
