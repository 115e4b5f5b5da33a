import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachOf } from '../../../main/portions.ts'
import { alive } from '../processes.ts'
import { endlessAnswer, endlessOptions, post, startServer, type TestServer } from './server.ts'

/**
 * A client that leaves frees its place at once, whatever its request was waiting for. The answers asked for here have
 * no end, and the model has one slot: a place that is not freed is seen as a next question that is never answered.
 */

let server: TestServer
/** While set, engines are stopped as soon as they start, so that a load takes as long as the test needs. */
let isFrozen = false

beforeAll(async () => {
  server = await startServer({ OLLAMA_MAX_QUEUE: '1' }, engine => {
    if (isFrozen) process.kill(engine.pid!, 'SIGSTOP')
  })
})
afterAll(() => server.close())
afterEach(() => {
  isFrozen = false
})

const quick = { model: 'hearth-demo', options: { temperature: 0 }, think: false }
const endless = {
  ...quick,
  messages: [{ role: 'user', content: 'Count from 1 to 30' }],
  format: endlessAnswer,
  options: { ...endlessOptions, num_ctx: 2048 },
}
/** A prompt that fills the context, so that most of the time goes into reading it. */
const long = { ...endless, messages: [{ role: 'user', content: 'one two three '.repeat(2000) }] }

/** Sends a request that its client gives up with `leave`. */
function leaving(body: object, path = '/api/chat') {
  const abort = new AbortController()
  const response = fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), signal: abort.signal })
  const ended = response
    .then(whole => whole.text())
    .then(
      () => 'answered',
      error => (error as Error).name,
    )
  return {
    response,
    leave: async () => {
      abort.abort()
      expect(await ended).toBe('AbortError')
    },
  }
}

/** What a question hears first: that it has to wait, or why it is refused. It waits on until the signal. */
function firstHeard(signal: AbortSignal): Promise<string> {
  return new Promise(resolve => {
    const ask = async () => {
      for await (const { type } of eachOf(server.hearth.inference.chat(endless, signal))) resolve(type)
    }
    ask().catch(error => resolve(error.code))
  })
}

async function isAnswered(): Promise<void> {
  const capital = { ...quick, messages: [{ role: 'user', content: 'What is the capital of France?' }], stream: false }
  const response = await post(server.url, '/api/chat', { ...capital, options: { temperature: 0, num_ctx: 2048 } })
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Paris')])
}

const unload = () => post(server.url, '/api/chat', { model: 'hearth-demo', messages: [], keep_alive: 0 })
const someTime = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

describe.each([true, false])('a client that leaves (stream: %s)', stream => {
  test('while its model loads ends the load', async () => {
    await unload()
    await expect.poll(() => server.hearth.inference.running()).toEqual([])
    isFrozen = true
    const before = server.engines.length
    const request = leaving({ ...endless, stream })
    await expect.poll(() => server.engines.length).toBe(before + 1)
    expect(server.hearth.inference.running()).toMatchObject([{ name: 'hearth-demo:latest' }])
    isFrozen = false
    await request.leave()
    await expect.poll(() => alive(server.engines.at(-1)!.pid!)).toBe(false)
    await expect.poll(() => server.hearth.inference.running()).toEqual([])
    await isAnswered()
  })

  test('while it waits for the load of another leaves its place in the queue', async () => {
    await unload()
    await expect.poll(() => server.hearth.inference.running()).toEqual([])
    isFrozen = true
    const loading = leaving({ ...endless, stream })
    await expect.poll(() => server.hearth.inference.running().length).toBe(1)
    // The queue holds one: whichever of the two comes second is refused.
    const both = [leaving({ ...endless, stream }), leaving({ ...endless, stream })]
    const refused = await Promise.race(both.map(({ response }, index) => response.then(() => index)))
    expect((await both[refused]!.response).status).toBe(503)
    await both[1 - refused]!.leave()
    const next = new AbortController()
    await expect.poll(() => firstHeard(next.signal)).toBe('queued')
    isFrozen = false
    await loading.leave()
    next.abort()
    await isAnswered()
  })

  test.each([0, 5, 50, 200])('%i ms after it asked with a long prompt frees its slot', async milliseconds => {
    const request = leaving({ ...long, stream })
    await someTime(milliseconds)
    await request.leave()
    await isAnswered()
  })

  test('in the middle of its answer frees its slot', async () => {
    const request = leaving({ ...endless, stream })
    if (stream) await request.response
    else await someTime(300)
    await request.leave()
    await isAnswered()
  })

  test('while another has the slot neither disturbs it nor takes the slot later', async () => {
    const first = leaving(endless)
    await first.response
    const waiting = leaving({ ...endless, stream })
    await someTime(100)
    await waiting.leave()
    await first.leave()
    await isAnswered()
  })

  test.each(['/v1/chat/completions', '/v1/messages', '/api/generate'])('%s frees its slot', async path => {
    const body = {
      ...endless,
      prompt: 'Count',
      max_tokens: 1_000_000,
      temperature: 0,
      stream,
      response_format: { type: 'json_schema', json_schema: { name: 'text', schema: endlessAnswer } },
      output_config: { format: { type: 'json_schema', schema: endlessAnswer } },
    }
    const request = leaving(body, path)
    if (stream) await request.response
    else await someTime(200)
    await request.leave()
    await isAnswered()
  })
})

test('a client that leaves while its texts are made into vectors lets the next ones through', async () => {
  const embed = (input: string | string[]) => post(server.url, '/api/embed', { model: 'hearth-demo', input })
  // In an engine of its own, which is then there: far more is asked of it than it makes in a moment.
  expect((await embed('zero')).status).toBe(200)
  const input = Array.from({ length: 20_000 }, (_, index) => `${index} `.repeat(100))
  const request = leaving({ model: 'hearth-demo', input }, '/api/embed')
  await someTime(300)
  await request.leave()
  expect((await embed('one')).status).toBe(200)
  // The model still writes text in the engine it had for that.
  const engines = server.engines.length
  await isAnswered()
  await embed('two')
  expect(server.engines.length).toBe(engines)
})
