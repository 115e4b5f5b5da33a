import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtures, post, startServer, type TestServer, upload } from '../api/server.ts'

/** Vectors by the real engine, over HTTP: a BERT model made for them, and the demo model, which writes text. */

let server: TestServer

interface Embedded {
  embeddings: number[][]
  total_duration: number
  load_duration: number
  prompt_eval_count: number
}

const embed = async (body: object): Promise<Embedded> => {
  const response = await post(server.url, '/api/embed', { model: 'bert', ...body })
  expect(response.status).toBe(200)
  return (await response.json()) as Embedded
}
const refused = async (path: string, body: object) => {
  const response = await post(server.url, path, body)
  return [response.status, ((await response.json()) as { error: string }).error]
}
const legacy = async (body: object): Promise<number[]> =>
  ((await (await post(server.url, '/api/embeddings', body)).json()) as { embedding: number[] }).embedding
const loaded = () => server.hearth.inference.running().map(({ name, contextLength }) => [name, contextLength])

const cosine = (a: number[], b: number[]) => {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, index) => sum + value * y[index]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

beforeAll(async () => {
  server = await startServer()
  const [digest] = await upload(server.url, [join(fixtures, 'tiny-embed.gguf')])
  const made = await post(server.url, '/api/create', { model: 'bert', files: { 'b.gguf': digest }, stream: false })
  expect(made.status).toBe(200)
})
afterAll(() => server.close())

/** Written for this test: pairs of one topic each. */
const pairs = [
  ['It will rain all day tomorrow.', 'Expect heavy showers and clouds.'],
  ['The cat sleeps on the sofa.', 'A kitten is resting on the rug.'],
  ['I baked fresh bread this morning.', 'The baker made a warm loaf.'],
  ['The rocket flew to the moon.', 'Astronauts launched into space.'],
  ['Our team won the football match.', 'The players scored two goals in the game.'],
  ['She plays the guitar in a band.', 'The musicians gave a rock concert.'],
] as const

describe('/api/embed', () => {
  test('puts related sentences closer than others, in vectors of length 1', async () => {
    const { embeddings } = await embed({ input: pairs.flat() })
    expect(embeddings).toHaveLength(12)
    let right = 0
    for (const [index] of pairs.entries()) {
      const [a, b] = [embeddings[2 * index]!, embeddings[2 * index + 1]!]
      expect(a).toHaveLength(128)
      expect(Math.hypot(...a)).toBeCloseTo(1, 5)
      const nearest = embeddings.filter(other => other !== a).sort((x, y) => cosine(a, y) - cosine(a, x))[0]
      if (nearest === b) right++
    }
    // Vectors of another text, or of the wrong pooling, would find one in eleven.
    expect(right).toBeGreaterThanOrEqual(5)
  })

  test('counts the tokens of all texts, and tells its durations', async () => {
    const [one, two] = [await embed({ input: 'The soup tastes good.' }), await embed({ input: 'It rains.' })]
    const both = await embed({ input: ['The soup tastes good.', 'It rains.'] })
    expect(both.prompt_eval_count).toBe(one.prompt_eval_count + two.prompt_eval_count)
    expect(both.embeddings[0]).toEqual(one.embeddings[0])
    expect(both.total_duration).toBeGreaterThan(both.load_duration)
  })

  test('cuts a vector to its first dimensions and brings it to length 1 again', async () => {
    const [whole] = (await embed({ input: 'It rains.' })).embeddings
    const [cut] = (await embed({ input: 'It rains.', dimensions: 16 })).embeddings
    expect(cut).toHaveLength(16)
    expect(Math.hypot(...cut!)).toBeCloseTo(1, 5)
    expect(cosine(cut!, whole!.slice(0, 16))).toBeCloseTo(1, 5)
    expect((await embed({ input: 'It rains.', dimensions: 4000 })).embeddings[0]).toEqual(whole)
  })

  test('cuts a text to what the model was trained for, or refuses it', async () => {
    const rain = 'rain '.repeat(2000)
    const { embeddings, prompt_eval_count } = await embed({ input: [rain, 'It rains.'] })
    const short = (await embed({ input: 'It rains.' })).prompt_eval_count
    expect(prompt_eval_count - short).toBe(512)
    expect(embeddings[0]).toEqual((await embed({ input: 'rain '.repeat(510) })).embeddings[0])
    expect(await refused('/api/embed', { model: 'bert', input: ['It rains.', rain], truncate: false })).toEqual([
      400,
      'the input length exceeds the context length',
    ])
  })

  test('cuts to a smaller context when one is asked for', async () => {
    const { prompt_eval_count } = await embed({ input: 'rain '.repeat(100), options: { num_ctx: 32 } })
    expect(prompt_eval_count).toBe(32)
    expect(loaded()).toEqual([['bert:latest', 32]])
  })

  test('loads and lets go without a text', async () => {
    const forever = await post(server.url, '/api/embed', { model: 'bert', keep_alive: -1 })
    expect(await forever.text()).toBe('{"model":"bert","embeddings":[]}')
    expect(server.hearth.inference.running()[0]!.expiresAt.getTime()).toBeGreaterThan(Date.now() + 1e12)
    await post(server.url, '/api/embed', { model: 'bert', keep_alive: 0, input: [] })
    await expect.poll(loaded).toEqual([])
  })

  test('takes an empty text, one of another script, and one with the model’s own special tokens', async () => {
    const { embeddings } = await embed({ input: ['', '下雨了 🌧', '[CLS] [SEP]'] })
    for (const vector of embeddings) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  })

  test('works with a model that writes text, too, which then writes again', async () => {
    const { embeddings } = await embed({
      model: 'hearth-demo',
      input: ['What is the capital of France?', 'What is the capital of Spain?', 'Count from 1 to 30'],
    })
    expect(embeddings[0]).toHaveLength(192)
    expect(cosine(embeddings[0]!, embeddings[1]!)).toBeGreaterThan(cosine(embeddings[0]!, embeddings[2]!))
    const long = await embed({ model: 'hearth-demo', input: 'Count from 1 to 30. '.repeat(1000) })
    expect(long.prompt_eval_count).toBeGreaterThan(2000)
    const messages = [{ role: 'user', content: 'What is the capital of France?' }]
    const chat = await post(server.url, '/api/chat', { model: 'hearth-demo', messages, think: false, stream: false })
    expect(await chat.text()).toContain('Paris')
  })

  test('answers several clients at once', async () => {
    const answers = await Promise.all(pairs.map(([sentence]) => embed({ input: sentence })))
    const alone = await embed({ input: pairs[3]![0] })
    expect(cosine(answers[3]!.embeddings[0]!, alone.embeddings[0]!)).toBeCloseTo(1, 6)
  })

  test('ends when its client leaves, and answers the next', async () => {
    const client = new AbortController()
    const input = Array.from({ length: 20_000 }, (_, index) => `The number is ${index}.`)
    await embed({ keep_alive: 0, input: [] })
    await expect.poll(() => loaded().map(([name]) => name)).not.toContain('bert:latest')
    await embed({ input: 'It rains.' })
    // However quick the machine: they are not made before the client has left.
    const { pid } = server.engines.at(-1)!
    process.kill(pid!, 'SIGSTOP')
    const gone = fetch(`${server.url}/api/embed`, {
      method: 'POST',
      body: JSON.stringify({ model: 'bert', input }),
      signal: client.signal,
    })
    setTimeout(() => client.abort(), 200)
    await expect(gone).rejects.toThrow()
    process.kill(pid!, 'SIGCONT')
    expect((await embed({ input: 'It rains.' })).embeddings).toHaveLength(1)
  })

  test.each([
    [{ input: 'a' }, 404, "model '' not found"],
    [{ model: 'nobody', input: 'a' }, 404, 'model "nobody" not found, try pulling it first'],
    [{ model: 'a b', input: 'a' }, 400, 'invalid model name'],
    [{ model: 'nobody', input: 7 }, 400, 'invalid input type'],
    [{ model: 'bert', input: 'a', options: { num_ctx: 'x' } }, 500, 'option "num_ctx" must be of type integer'],
  ])('refuses %j', async (body, status, error) => {
    expect(await refused('/api/embed', body)).toEqual([status, error])
  })
})

describe('/api/embeddings', () => {
  test('gives a vector as the model made it, in the direction of the other endpoint’s', async () => {
    const raw = await legacy({ model: 'bert', prompt: 'The soup tastes good.' })
    const [unit] = (await embed({ input: 'The soup tastes good.' })).embeddings
    expect(Math.abs(Math.hypot(...raw) - 1)).toBeGreaterThan(0.001)
    expect(cosine(raw, unit!)).toBeCloseTo(1, 6)
    const written = await legacy({ model: 'hearth-demo', prompt: 'The soup tastes good.' })
    expect(Math.hypot(...written)).toBeCloseTo(1, 5)
  })

  test.each([
    [{ prompt: 'a' }, 400, 'model is required'],
    [{ model: 'nobody', prompt: 'a' }, 404, 'model "nobody" not found, try pulling it first'],
    [{ model: 'bert', prompt: 'rain '.repeat(2000) }, 500, 'the input length exceeds the context length'],
  ])('refuses %#', async (body, status, error) => {
    expect(await refused('/api/embeddings', body)).toEqual([status, error])
  })
})
