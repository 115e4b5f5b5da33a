import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { answer, ask, chatModel, chatPrompt, fixture, startEngine } from './engine.ts'

const embedModel = { ...chatModel, modelPath: fixture('tiny-embed.gguf'), contextSize: 256, embeddings: true }

/** Pairs of related sentences, each of another topic: weather, animals, food, space, sport, music ... */
const related = [
  ['It will rain all day tomorrow.', 'Expect heavy showers and clouds.'],
  ['The cat sleeps on the sofa.', 'A kitten is resting on the rug.'],
  ['I baked fresh bread this morning.', 'The baker made a warm loaf.'],
  ['The rocket flew to the moon.', 'Astronauts launched into space.'],
  ['Our team won the football match.', 'The players scored two goals in the game.'],
  ['She plays the guitar in a band.', 'The musicians gave a rock concert.'],
  ['My laptop has a software bug.', 'The developer fixed the code of the program.'],
  ['We took the train to Paris.', 'They travel to London by railway.'],
  ['The doctor gave me medicine.', 'The nurse at the hospital treated the fever.'],
  ['The bank raised the price of loans.', 'Stocks and money markets fell.'],
  ['The teacher gave us homework.', 'Students study for the exam at school.'],
] as const

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * y[index]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

/** Of different lengths, so that they fill batches unevenly. */
const texts = (count: number) =>
  Array.from({ length: count }, (_, index) => `${index} times ${'rain '.repeat(index % 9)}`)

/** The first numbers of a vector that node-llama-cpp's own context gave, with sequence 0 alone in its batch. */
const known = [
  1.135, 0.1805, 0.0923, 1.4438, -0.457, -0.1735, -0.7795, 0.0339, -1.002, 0.861, 0.3998, 0.7123, 0.3276, 0.3973,
  1.4795, 0.9681,
]

describe('embeddings', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(embedModel)
  })
  afterAll(() => engine.dispose())

  it('lie closer for related sentences than for those of another topic', async () => {
    const first = await engine.embed(related.map(([sentence]) => sentence))
    const second = await engine.embed(related.map(([, sentence]) => sentence))
    let right = 0
    let compared = 0
    for (const [index, vector] of first.vectors.entries()) {
      expect(vector).toHaveLength(engine.info.embeddingSize)
      for (const [other, foreign] of second.vectors.entries()) {
        if (other === index) continue
        compared++
        if (cosine(vector, second.vectors[index]!) > cosine(vector, foreign)) right++
      }
    }
    // The model itself is right in 97 of 100; a wrong pooling or a missing token brings it far below.
    expect(right / compared).toBeGreaterThan(0.93)
  })

  it('are the same for a text alone and among others, and count all tokens with the two added ones', async () => {
    const alone = await engine.embed(['The soup tastes good.'])
    const among = await engine.embed(['It rains.', 'The soup tastes good.', 'A dog barks.'])
    expect(cosine(alone.vectors[0]!, among.vectors[1]!)).toBeCloseTo(1, 6)
    expect(alone.promptTokens).toBe((await engine.tokenize('The soup tastes good.')).length + 2)
    expect(among.promptTokens).toBeGreaterThan(alone.promptTokens)
  })

  it('are the same for a text and for its tokens', async () => {
    const tokens = await engine.tokenize('The soup tastes good.')
    const [text, ready] = (await engine.embed(['The soup tastes good.', tokens])).vectors
    // In one batch, where the order of adding up differs by the place.
    expect(cosine(ready!, text!)).toBeCloseTo(1, 6)
  })

  it('are those that were made of this text when it was computed alone, through another binding', async () => {
    const [vector] = (await engine.embed(['down is may who word do which', ...texts(40)])).vectors
    expect(cosine(vector!.slice(0, 16), known)).toBeGreaterThan(0.9999)
  })

  it('do not depend on what else is in the batch', async () => {
    const many = texts(256)
    const { vectors } = await engine.embed(many)
    for (const index of [0, 1, 63, 64, 255]) {
      const [alone] = (await engine.embed([many[index]!])).vectors
      expect(cosine(vectors[index]!, alone!)).toBeGreaterThan(0.9999)
    }
  })

  it('refuse tokens that the model does not have, which llama.cpp would look up all the same', async () => {
    for (const token of [-1, 10 ** 6, 1.5]) {
      await expect(engine.embed([[token]])).rejects.toMatchObject({ code: 'invalid-request', status: 400 })
    }
  })

  it('are left as the model made them', async () => {
    const [vector] = (await engine.embed(['The soup tastes good.'])).vectors
    expect(Math.abs(Math.hypot(...vector!) - 1)).toBeGreaterThan(0.001)
  })

  it('come for many texts at once, for none, and for an empty one', async () => {
    const many = await engine.embed(Array.from({ length: 200 }, (_, index) => `The number is ${index}.`))
    expect(many.vectors).toHaveLength(200)
    expect(await engine.embed([])).toEqual({ vectors: [], promptTokens: 0 })
    expect((await engine.embed([''])).promptTokens).toBe(2)
  })

  it('refuse a text longer than the model takes in one piece, and go on', async () => {
    const long = 'rain '.repeat(1000)
    await expect(engine.embed(['It rains.', long])).rejects.toMatchObject({
      code: 'context-too-long',
      status: 400,
      message: 'the input length exceeds the context length',
    })
    expect((await engine.embed(['It rains.'])).vectors).toHaveLength(1)
  })

  it('stop when aborted', async () => {
    const abort = new AbortController()
    const many = engine.embed(
      Array.from({ length: 50_000 }, (_, index) => `The number is ${index}.`),
      abort.signal,
    )
    const ended = expect(many).rejects.toMatchObject({ name: 'AbortError' })
    await engine.ping()
    abort.abort()
    await ended
    expect((await engine.embed(['It rains.'])).vectors).toHaveLength(1)
    await expect(engine.embed(['x'], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('and text are asked of engines loaded for them', async () => {
    await expect(answer(engine, ask('Hello'))).rejects.toThrow('not loaded for text')
  })
})

describe('embeddings of a chat model', () => {
  it('do not depend on what else is in the batch: none of its tokens looks at another text', async () => {
    const engine = await startEngine({ ...chatModel, modelPath: fixture('tiny-chat-f16.gguf'), embeddings: true })
    try {
      const many = texts(80)
      const { vectors } = await engine.embed(many)
      for (const index of [0, 1, 40, 79]) {
        const [alone] = (await engine.embed([many[index]!])).vectors
        expect(cosine(vectors[index]!, alone!)).toBeGreaterThan(0.9999)
      }
    } finally {
      await engine.dispose()
    }
  })

  it('come from its last token, also for a text longer than one batch', async () => {
    const engine = await startEngine({ ...chatModel, embeddings: true, batchSize: 64 })
    try {
      await expect(answer(engine, ask(chatPrompt('Hi')))).rejects.toThrow('not loaded for text')
      const { vectors } = await engine.embed(['The capital of France is', 'Paris is nice. '.repeat(60)])
      for (const vector of vectors) expect(vector.some(value => value !== 0)).toBe(true)
      expect(vectors[0]).not.toEqual(vectors[1])
    } finally {
      await engine.dispose()
    }
  })
})
