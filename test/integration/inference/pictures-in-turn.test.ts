import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { ChatMessage, ChatRequest, InferenceEvent } from '../../../main/inference/requests.ts'
import { eachOf } from '../../../main/portions.ts'
import { createSeer, endlessAnswer, endlessOptions, post, startServer, type TestServer } from '../api/server.ts'
import { blueSquare, draw, redCircle } from '../pictures.ts'
import { alive } from '../processes.ts'

/*
 * A model with a projector runs in the engine for text until it is shown a picture, and from then on in the one that
 * sees, until a minute has passed without one. What an engine makes of a request tells which it is: the one for text
 * answers several at once, and tells probabilities before sampling, which at temperature 0 leaves one token with all.
 */

let server: TestServer
let onEngine = () => {}
/** Milliseconds; it stands still, so that no minute passes but those of the tests. */
let clock = Date.now()
beforeAll(async () => {
  server = await startServer(
    { OLLAMA_NUM_PARALLEL: '4' },
    () => onEngine(),
    () => clock,
  )
  await createSeer(server.url)
})
afterAll(() => server.close())
afterEach(async () => {
  onEngine = () => {}
  await post(server.url, '/api/generate', { model: 'seer', keep_alive: 0 })
  await expect.poll(() => server.hearth.inference.running()).toEqual([])
})

const options = { temperature: 0, num_predict: 60 }
const said = (role: string, content: string, ...images: Buffer[]): ChatMessage => ({ role, content, images })
const capital = said('user', 'What is the capital of France?')
const circle = said('user', 'What do you see?', draw([redCircle]))
const square = said('user', 'What do you see?', draw([blueSquare]))

function ask(messages: readonly ChatMessage[], more: Partial<ChatRequest> = {}, signal?: AbortSignal) {
  return eachOf(server.hearth.inference.chat({ model: 'seer', think: false, options, messages, ...more }, signal))
}

async function answer(messages: readonly ChatMessage[], more: Partial<ChatRequest> = {}): Promise<string> {
  let text = ''
  for await (const event of ask(messages, more)) if (event.type === 'delta') text += event.content
  return text
}

/** Which engine answers a question without a picture. */
async function engineOfText(): Promise<'text' | 'sight'> {
  const logprobs: number[] = []
  for await (const event of ask([capital], { logprobs: true })) {
    if (event.type === 'delta') logprobs.push(...(event.logprobs ?? []).map(({ logprob }) => logprob))
  }
  expect(logprobs.length).toBeGreaterThan(0)
  return logprobs.some(logprob => logprob < 0) ? 'text' : 'sight'
}

const started = async (work: () => Promise<unknown>): Promise<number> => {
  const before = server.engines.length
  await work()
  return server.engines.length - before
}

// One at a time, the second would have waited for ever.
it('answers four questions without a picture at once', async () => {
  const stop = new AbortController()
  const asking = { format: endlessAnswer, options: endlessOptions }
  const answers = Array.from({ length: 4 }, () => ask([capital], asking, stop.signal)[Symbol.asyncIterator]())
  const begins = async (events: AsyncIterator<InferenceEvent>) => {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      if (next.value.type === 'delta' && next.value.content !== '') return next.value.content
    }
    return undefined
  }
  for (const text of await Promise.all(answers.map(begins))) expect(text).toBeTypeOf('string')
  stop.abort()
  const ends = async (events: AsyncIterator<InferenceEvent>) => {
    while (!(await events.next()).done);
  }
  for (const events of answers) await expect(ends(events)).rejects.toMatchObject({ name: 'AbortError' })
})

it('is loaded anew for the first picture, in any turn, and then stays', async () => {
  expect(await started(async () => expect(await engineOfText()).toBe('text'))).toBe(1)
  const [before] = server.hearth.inference.running()
  expect(await started(async () => expect(await answer([circle])).toBe('A red circle.'))).toBe(1)
  const [after, ...others] = server.hearth.inference.running()
  expect(others).toEqual([])
  expect(after).toMatchObject({ name: 'seer:latest', contextLength: before!.contextLength })
  const turns = async () => {
    expect(await engineOfText()).toBe('sight')
    expect(await answer([square, said('assistant', 'A square.'), said('user', 'What do you see?')])).toContain('blue')
    expect(await answer([capital])).toContain('Paris')
  }
  expect(await started(turns)).toBe(0)
})

it('is loaded to see at once where a picture of an earlier turn goes along', async () => {
  const messages = [square, said('assistant', 'A square.'), said('user', 'What do you see?')]
  expect(await started(async () => expect(await answer(messages)).toContain('blue square'))).toBe(1)
})

it('goes back to the engine for text when it was shown no picture for a minute, and sees again when it is', async () => {
  expect(await answer([circle])).toBe('A red circle.')
  clock += 60_000
  expect(await started(async () => expect(await engineOfText()).toBe('sight'))).toBe(0)
  clock += 1
  expect(await started(async () => expect(await engineOfText()).toBe('text'))).toBe(1)
  expect(server.hearth.inference.running()).toHaveLength(1)
  expect(server.engines.filter(({ pid }) => alive(pid!))).toHaveLength(1)
  expect(await started(async () => expect(await answer([circle])).toBe('A red circle.'))).toBe(1)
})

// On a slow computer one answer takes longer, and with a client for each it was loaded anew at every turn.
it('answers text where it looks at a picture, however long that takes', async () => {
  const picture = ask([circle], { format: endlessAnswer, options: endlessOptions })[Symbol.asyncIterator]()
  for (let next = await picture.next(); next.value?.type !== 'delta'; next = await picture.next());
  clock += 100_000
  const texts = async () => {
    let text = ''
    for await (const event of ask([capital])) {
      if (event.type === 'queued') await picture.return?.(undefined)
      if (event.type === 'delta') text += event.content
    }
    expect(text).toContain('Paris')
  }
  expect(await started(texts)).toBe(0)
  await picture.return?.(undefined)
})

it('runs in the engine for text again once it was unloaded', async () => {
  expect(await answer([circle], { keepAlive: 0 })).toBe('A red circle.')
  expect(await engineOfText()).toBe('text')
})

it('does not end an answer for a picture, which waits for it', async () => {
  const long = { ...options, num_predict: 600 }
  const text = ask([capital], { format: endlessAnswer, options: long })[Symbol.asyncIterator]()
  let next = await text.next()
  while (!next.done && next.value.type !== 'delta') next = await text.next()
  // Nothing more of it is read, so its engine waits, long before its end.
  const seen: InferenceEvent[] = []
  const picture = ask([circle])[Symbol.asyncIterator]()
  seen.push((await picture.next()).value)
  expect(seen).toEqual([{ type: 'queued' }])
  let last: InferenceEvent | undefined
  for (; !next.done; next = await text.next()) last = next.value
  expect(last).toMatchObject({ type: 'done', reason: 'length', metrics: { evalCount: 600 } })
  for (let each = await picture.next(); !each.done; each = await picture.next()) seen.push(each.value)
  expect(seen.map(event => (event.type === 'delta' ? event.content : '')).join('')).toBe('A red circle.')
})

it('serves clients with and without pictures at once, loaded twice at most', async () => {
  const each = async (messages: ChatMessage[], words: string) => {
    for (let turn = 0; turn < 3; turn++) expect(await answer(messages)).toContain(words)
  }
  const work = () => Promise.all([each([capital], 'Paris'), each([circle], 'red circle'), each([capital], 'Paris')])
  expect(await started(work)).toBeLessThanOrEqual(2)
})

it('answers on when whoever showed a picture leaves while it is loaded for that', async () => {
  expect(await engineOfText()).toBe('text')
  const gone = new AbortController()
  onEngine = () => gone.abort()
  const picture = (async () => {
    for await (const _ of ask([circle], {}, gone.signal));
  })()
  await expect(picture).rejects.toMatchObject({ name: 'AbortError' })
  onEngine = () => {}
  expect(await engineOfText()).toBe('text')
  expect(await answer([circle])).toBe('A red circle.')
})

it('says what is wrong with a picture after it answered text, and answers on', async () => {
  expect(await engineOfText()).toBe('text')
  await expect(answer([said('user', 'What do you see?', Buffer.from('no picture at all'))])).rejects.toMatchObject({
    status: 400,
    message: 'Failed to load image or audio file: it is neither a picture nor a sound in a format known here',
  })
  expect(await answer([circle])).toBe('A red circle.')
})
