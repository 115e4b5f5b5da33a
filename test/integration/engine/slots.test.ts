import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, GenerateEvent, SpawnEngineProcess } from '../../../main/engine/engine.ts'
import { forkEngine } from '../../../main/engine/fork.ts'
import { acknowledgeEvery, eventWindow, type FromEngine } from '../../../main/engine/protocol.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'
import { eachOf } from '../../../main/portions.ts'
import { answer, ask, askEndlessly, chatModel, chatPrompt, engineEntry, startEngine } from './engine.ts'

const count = ask(chatPrompt('Count from 1 to 30'))
const france = ask(chatPrompt('What is the capital of France?'))

const endless = askEndlessly(chatPrompt('Tell me a story'), { keepTokens: 10 })

const aborted = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ name: 'AbortError' })

/** About so many tokens, none of which anybody asked before. */
const longPrompt = (tokens: number, seed: number) =>
  Array.from({ length: tokens }, (_, index) => 40 + ((index * 7919 + seed * 104_729) % 900))

describe('an engine with two slots', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ ...chatModel, slots: 2 })
  })
  afterAll(() => engine.dispose())

  it('answers two at once, piece by piece in turns', async () => {
    const order: string[] = []
    const read = async (name: string, request: typeof count) => {
      let text = ''
      for await (const event of eachOf(engine.generate(request))) {
        if (event.type === 'text') {
          order.push(name)
          text += event.text
        }
      }
      return text
    }
    const poem = ask(chatPrompt('Why is the sky blue?'))
    const [first, second] = await Promise.all([read('a', count), read('b', poem)])
    expect(first).toContain('29, 30')
    expect(second).toContain('Rayleigh')
    const changes = order.filter((name, index) => index > 0 && name !== order[index - 1]).length
    expect(changes).toBeGreaterThan(10)
  })

  it('gives each its own answer when eight ask at once, and begins them in order of asking', async () => {
    const begun: number[] = []
    const capitals = ['France', 'Greece', 'Sweden', 'Norway', 'Turkey', 'Romania', 'Slovakia', 'Brazil']
    const cities = ['Paris', 'Athens', 'Stockholm', 'Oslo', 'Ankara', 'Bucharest', 'Bratislava', 'Brasilia']
    const question = async (country: string, index: number) => {
      let text = ''
      for await (const event of eachOf(
        engine.generate(ask(chatPrompt(`Can you tell me the capital of ${country}?`))),
      )) {
        if (event.type !== 'text') continue
        text += event.text
        if (!begun.includes(index)) begun.push(index)
      }
      return text
    }
    const answers = await Promise.all(capitals.map(question))
    for (const [index, text] of answers.entries()) expect(text).toContain(cities[index])
    // Two begin in the same batch, so neighbours may change places.
    for (const [place, index] of begun.entries()) expect(Math.abs(place - index)).toBeLessThanOrEqual(1)
  })

  it('keeps two conversations in their own slots: neither evaluates its past again', async () => {
    const turn = async (prompt: string | number[], next: string) => {
      const { tokens, counts } = await answer(engine, ask(prompt, { maxTokens: 30 }))
      return { counts, next: [...tokens, ...(await engine.tokenize(next, { special: true }))] }
    }
    const more = (question: string) => `<|im_end|>\n<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`
    let lena = await turn(chatPrompt('My name is Lena.'), more('Hi'))
    let omar = await turn(chatPrompt('Why is the sky blue?'), more('Hi'))
    for (let round = 0; round < 3; round++) {
      lena = await turn(lena.next, more('Why?'))
      omar = await turn(omar.next, more('Why?'))
      for (const { counts } of [lena, omar]) expect(counts.promptTokens - counts.cachedTokens).toBeLessThan(20)
    }
  })

  it('goes silent with an abort and answers the next question at once', async () => {
    const abort = new AbortController()
    const reading = (async () => {
      let pieces = 0
      for await (const portion of engine.generate(endless, abort.signal)) {
        // What comes after the abort was not asked for.
        expect(abort.signal.aborted).toBe(false)
        pieces += portion.length
        if (pieces >= 20) abort.abort()
      }
    })()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect((await answer(engine, france)).text).toContain('Paris')
  })

  it('ends an answer whose reader walks away', async () => {
    for (let round = 0; round < 4; round++) for await (const _ of eachOf(engine.generate(endless))) break
    expect((await answer(engine, france)).text).toContain('Paris')
  })

  it('ends a long prompt in the middle: readers at once, the slots with the piece being computed', async () => {
    const aborts = [new AbortController(), new AbortController()]
    const ended = aborts.map(({ signal }, seed) => aborted(answer(engine, ask(longPrompt(2000, seed)), signal)))
    await engine.ping()
    for (const abort of aborts) abort.abort()
    await Promise.all(ended)
    const { counts } = await answer(engine, ask(longPrompt(2000, 0), { maxTokens: 1 }))
    // What was evaluated before the abort stays cached; the greater part was not evaluated any more.
    expect(counts.cachedTokens).toBeLessThan(counts.promptTokens / 2)
  })

  // Minutes of a long prompt on a slow machine looked like a model that hangs.
  it('tells how far a long prompt is read, and who has to wait for a slot', async () => {
    const hold = new AbortController()
    const waits = async (request: typeof france) => {
      const events: (string | number)[] = []
      for await (const event of eachOf(engine.generate(request))) {
        if (event.type === 'text') break
        events.push(event.type === 'reading' ? event.fraction : event.type)
      }
      return events
    }
    const fractions = await waits(ask(longPrompt(2000, 9)))
    expect(fractions.length).toBeGreaterThan(1)
    expect(fractions).toEqual(fractions.toSorted((a, b) => Number(a) - Number(b)))
    for (const fraction of fractions) expect(fraction).toSatisfy((read: number) => read > 0 && read < 1)
    expect(await waits(france)).toEqual([])
    const held = [1, 2].map(() => aborted(answer(engine, endless, hold.signal)))
    const queued = waits(france)
    await engine.ping()
    hold.abort()
    expect(await queued).toEqual(['queued'])
    await Promise.all(held)
  })

  it('frees an aborted place in the queue, and refuses what was aborted before it began', async () => {
    const [holdA, holdB, waiting] = [new AbortController(), new AbortController(), new AbortController()]
    const held = [holdA, holdB].map(({ signal }) => aborted(answer(engine, endless, signal)))
    const queued = aborted(answer(engine, france, waiting.signal))
    const last = answer(engine, france)
    waiting.abort()
    await queued
    holdA.abort()
    expect((await last).text).toContain('Paris')
    holdB.abort()
    await Promise.all(held)
    await expect(answer(engine, france, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('lets a running answer go on while a long prompt is read beside it', async () => {
    const abort = new AbortController()
    let pieces = 0
    const reading = (async () => {
      for await (const event of eachOf(engine.generate(endless, abort.signal))) if (event.type === 'text') pieces++
    })()
    while (pieces < 5) await engine.ping()
    const before = pieces
    await answer(engine, ask(longPrompt(2000, 5), { maxTokens: 1 }))
    abort.abort()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    // At least one token between any two pieces of the prompt.
    expect(pieces - before).toBeGreaterThan(3)
  })

  it('answers a ping while both slots are busy', async () => {
    const abort = new AbortController()
    const held = [1, 2].map(() => aborted(answer(engine, endless, abort.signal)))
    for (let round = 0; round < 5; round++) await engine.ping()
    abort.abort()
    await Promise.all(held)
  })
})

/** What an engine makes at most for a reader who took so much at once, and then no more. */
const mostFor = (taken: number) => (taken < acknowledgeEvery ? eventWindow : taken + eventWindow)

describe('an engine whose reader does not read', () => {
  it('makes no more than a window of events for him, serves others, and goes on when he comes back', async () => {
    let arrived = 0
    const counting: SpawnEngineProcess = () => {
      const engineProcess = forkEngine(engineEntry)()
      return {
        ...engineProcess,
        onMessage: listener =>
          engineProcess.onMessage(message => {
            const said = message as FromEngine
            for (const { id, events } of said.type === 'events' ? said.answers : []) {
              if (id === slowId) arrived += events.length
            }
            listener(message)
          }),
      }
    }
    const engine = await createEngineStarter(counting)({ ...chatModel, slots: 2 })
    // The load was the first request, this answer is the second.
    const slowId = 2
    try {
      const slow = engine.generate(endless)[Symbol.asyncIterator]()
      let taken = (await slow.next()).value.length
      const most = mostFor(taken)
      while (arrived < most) await engine.ping()
      for (let round = 0; round < 3; round++) expect((await answer(engine, count)).text).toContain('29, 30')
      expect(arrived).toBe(most)
      while (taken < eventWindow * 2) {
        const { value: events } = await slow.next()
        expect(events.every((event: GenerateEvent) => event.type === 'text')).toBe(true)
        taken += events.length
      }
      expect(arrived).toBeLessThanOrEqual(taken + eventWindow + acknowledgeEvery)
      await slow.return?.()
      expect((await answer(engine, france)).text).toContain('Paris')
    } finally {
      await engine.dispose()
    }
  })

  it('gives its only slot to the next after a while, and tells him so should he come back', async () => {
    const engine = await createEngineStarter(forkEngine(engineEntry), { readerPatience: 300 })(chatModel)
    try {
      const slow = engine.generate(endless)[Symbol.asyncIterator]()
      let taken = (await slow.next()).value.length
      const most = mostFor(taken)
      expect((await answer(engine, france)).text).toContain('Paris')
      const reading = (async () => {
        for (let next = await slow.next(); !next.done; next = await slow.next()) taken += next.value.length
      })()
      await expect(reading).rejects.toMatchObject({
        code: 'cancelled',
        status: 499,
        message: 'the answer was ended: its reader took nothing for 0.3 seconds',
      })
      expect(taken).toBe(most)
    } finally {
      await engine.dispose()
    }
  })
})
