import { describe, expect, test } from 'vitest'
import { type SseEvent, sse } from '../../../main/api/sse.ts'
import { Problem } from '../../../main/problem.ts'

const failed = ({ message }: Problem): SseEvent => ({ event: 'error', data: { message } })
const request = (signal?: AbortSignal) => new Request('http://localhost/', { signal: signal ?? null })

describe('server-sent events', () => {
  test('are framed with their name and data on one line, words as they are', async () => {
    const response = await sse(request(), {
      async *events() {
        yield [{ event: 'started', data: { text: 'a\nb <é>' } }]
        yield [{ data: { n: 1 } }]
        yield [{ data: '[DONE]' }]
      },
      failed,
      headers: { 'Cache-Control': 'no-cache' },
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toBe(
      'event: started\ndata: {"text":"a\\nb \\u003cé\\u003e"}\n\ndata: {"n":1}\n\ndata: [DONE]\n\n',
    )
  })

  // A client that never reads must not make memory grow.
  test('are made only as the client takes them, a piece at a time', async () => {
    let made = 0
    const response = await sse(request(), {
      async *events() {
        for (;;) yield [{ data: { n: made++ } }]
      },
      failed,
    })
    const reader = response.body!.getReader()
    const { value } = await reader.read()
    const first = made
    expect(new TextDecoder().decode(value)).toBe('data: {"n":0}\n\n')
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(made).toBe(first)
    await reader.read()
    expect(made).toBeGreaterThan(first)
    expect(made).toBeLessThan(3 * first)
    await reader.cancel()
  })

  // Each piece is a write here and a wake-up there: hundreds of tokens a second would cost more than the words in them.
  test('go out together when they are there together, and at once when they are not', async () => {
    let resolve = () => {}
    const late = new Promise<void>(given => {
      resolve = given
    })
    const response = await sse(request(), {
      async *events() {
        yield [{ data: { n: 1 } }, { data: { n: 2 } }]
        await late
        yield [{ data: { n: 3 } }]
      },
      failed,
    })
    const reader = response.body!.getReader()
    const read = async () => new TextDecoder().decode((await reader.read()).value)
    expect(await read()).toBe('data: {"n":1}\n\ndata: {"n":2}\n\n')
    resolve()
    expect(await read()).toBe('data: {"n":3}\n\n')
    expect((await reader.read()).done).toBe(true)
  })

  test('end with the event of an error that comes later, and nothing after it', async () => {
    const response = await sse(request(), {
      async *events() {
        yield [{ data: { n: 1 } }]
        throw new Problem('engine-crashed', 500, 'gone')
      },
      failed,
    })
    expect(await response.text()).toBe('data: {"n":1}\n\nevent: error\ndata: {"message":"gone"}\n\n')
  })

  test('leave an error before the first to the caller, who still has a status to give', async () => {
    const answer = sse(request(), {
      // biome-ignore lint/correctness/useYield: it fails before it has something to tell
      async *events() {
        throw new Problem('model-not-found', 404, 'none')
      },
      failed,
    })
    await expect(answer).rejects.toMatchObject({ status: 404 })
  })

  test.each(['the request is aborted', 'the reader cancels'])('stop being made when %s', async how => {
    const client = new AbortController()
    let signal: AbortSignal | undefined
    let ended = false
    const response = await sse(request(client.signal), {
      async *events(gone) {
        signal = gone
        try {
          yield [{ data: { n: 1 } }]
          await new Promise((_, reject) => gone.addEventListener('abort', () => reject(gone.reason), { once: true }))
        } finally {
          ended = true
        }
      },
      failed,
    })
    const reader = response.body!.getReader()
    await reader.read()
    if (how === 'the reader cancels') await reader.cancel()
    else {
      const rest = reader.read()
      await new Promise(resolve => setTimeout(resolve))
      client.abort()
      // No word of the error: nobody is there to read it.
      expect(await rest).toEqual({ done: true, value: undefined })
    }
    expect(signal!.aborted).toBe(true)
    expect(ended).toBe(true)
  })
})
