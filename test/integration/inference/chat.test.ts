import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatRequest, GenerateTextRequest, InferenceEvent } from '../../../main/inference/requests.ts'
import { eachOf, type Portions } from '../../../main/portions.ts'
import { endlessAnswer, endlessOptions } from '../api/server.ts'
import { startHearth, type TestHearth } from '../hearth.ts'

let test: TestHearth
beforeAll(async () => {
  test = await startHearth()
})
afterAll(() => test.end())

const greedy = { temperature: 0, num_predict: 200 }

async function chat(request: Partial<ChatRequest>) {
  return collect(
    test.hearth.inference.chat({ model: 'hearth-demo', options: greedy, messages: [], ...request } as ChatRequest),
  )
}

async function generate(request: Partial<GenerateTextRequest>) {
  return collect(
    test.hearth.inference.generate({
      model: 'hearth-demo',
      options: greedy,
      prompt: '',
      ...request,
    } as GenerateTextRequest),
  )
}

async function collect(events: Portions<InferenceEvent>) {
  const all: InferenceEvent[] = []
  for await (const event of eachOf(events)) all.push(event)
  const deltas = all.filter(event => event.type === 'delta')
  return {
    content: deltas.map(delta => delta.content).join(''),
    thinking: deltas.map(delta => delta.thinking ?? '').join(''),
    toolCalls: deltas.flatMap(delta => delta.toolCalls ?? []),
    deltas,
    done: all.find(event => event.type === 'done'),
    all,
  }
}

const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })

describe('chat with the demo model', () => {
  it('knows the capital of France, piece by piece', async () => {
    const { content, deltas, done } = await chat({ messages: [user('What is the capital of France?')], think: false })
    expect(content).toContain('Paris')
    expect(deltas.length).toBeGreaterThan(3)
    expect(done).toMatchObject({ reason: 'stop', metrics: { promptEvalCount: expect.any(Number) } })
  })

  it('hands the history to the model: a name said before is known later', async () => {
    const messages = [user('My name is Lena.'), assistant('Nice to meet you, Lena!'), user('What is my name?')]
    expect((await chat({ messages, think: false })).content).toContain('Lena')
  })

  it('thinks by default and keeps thinking out of the answer', async () => {
    const { content, thinking } = await chat({ messages: [user('What is the capital of France?')] })
    expect(thinking.trim()).not.toBe('')
    expect(content).toContain('Paris')
    expect(content).not.toContain('think>')
  })

  it('calls a tool with the place that was asked about', async () => {
    const tool = {
      type: 'function',
      function: {
        name: 'get_current_weather',
        description: 'Get the current weather for a location',
        parameters: {
          type: 'object',
          properties: {
            location: { type: 'string', description: 'The location to get the weather for' },
            format: { type: 'string', description: 'The format', enum: ['celsius', 'fahrenheit'] },
          },
          required: ['location', 'format'],
        },
      },
    }
    const { toolCalls, content } = await chat({
      messages: [user('What is the weather today in Paris?')],
      tools: [tool],
      think: false,
    })
    expect(toolCalls[0]?.function).toMatchObject({ name: 'get_current_weather', arguments: { location: 'Paris' } })
    expect(content).not.toContain('tool_call')
  })

  it('answers in the shape of a schema, also when it thinks first', async () => {
    const format = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
    }
    const messages = [user('Percival has a hamster and is 38 years old')]
    for (const think of [false, true]) {
      const answer = await chat({ messages, format, think, options: { temperature: 0, num_predict: 400 } })
      expect(JSON.parse(answer.content)).toEqual({ name: expect.any(String), age: expect.any(Number) })
      // A grammar that bound the thinking, too, would leave none.
      expect(answer.thinking.trim() !== '').toBe(think)
    }
    const { content } = await chat({ messages, format, think: false })
    expect(JSON.parse(content)).toMatchObject({ age: 38 })
  })

  it('ends at a stop string without showing it', async () => {
    const { content, done } = await chat({
      messages: [user('Count from 1 to 30')],
      think: false,
      options: { ...greedy, stop: ['7'] },
    })
    expect(content).toContain('6')
    expect(content).not.toContain('7')
    expect(done).toMatchObject({ reason: 'stop' })
  })

  it('says `length` when num_predict is met', async () => {
    const { done } = await chat({
      messages: [user('Count from 1 to 30')],
      think: false,
      options: { temperature: 0, num_predict: 5 },
    })
    expect(done).toMatchObject({ reason: 'length', metrics: { evalCount: 5 } })
  })

  it('gives the same answer for the same seed', async () => {
    const request = {
      messages: [user('Tell me a story')],
      think: false,
      options: { temperature: 1, seed: 7, num_predict: 40 },
    }
    const first = await chat(request)
    expect((await chat(request)).content).toBe(first.content)
  })

  it('ends at once when the client goes, and serves the next', async () => {
    const abort = new AbortController()
    const endless = { format: endlessAnswer, options: endlessOptions, think: false }
    const messages = [user('Count from 1 to 30')]
    const events = test.hearth.inference.chat({ model: 'hearth-demo', messages, ...endless }, abort.signal)
    const read = async () => {
      for await (const event of eachOf(events)) if (event.type === 'delta') abort.abort()
    }
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' })
    const { content } = await chat({ messages: [user('What is the capital of France?')], think: false })
    expect(content).toContain('Paris')
  })

  it('answers a conversation longer than the context by forgetting its oldest turns', async () => {
    const turns = Array.from({ length: 150 }, (_, n) => [
      user(`My number is ${n}. Remember it well, please.`),
      assistant(`I know that ${n} is your number.`),
    ]).flat()
    const { content, done } = await chat({ messages: [...turns, user('What is the capital of France?')], think: false })
    expect(content).toContain('Paris')
    expect(done).toMatchObject({ reason: 'stop' })
    await expect(chat({ messages: [user('word '.repeat(4000))], truncate: false, shift: false })).rejects.toMatchObject(
      {
        status: 400,
        code: 'context-too-long',
      },
    )
  })
})

describe('generate', () => {
  it('renders the prompt as a chat, and raw as it is', async () => {
    expect((await generate({ prompt: 'What is the capital of France?', think: false })).content).toContain('Paris')
    const raw =
      '<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n'
    expect((await generate({ prompt: raw, raw: true })).content).toContain('Paris')
  })

  it('goes on from the context of an earlier answer', async () => {
    const first = await generate({ prompt: 'My name is Lena.', think: false })
    const context = first.done?.type === 'done' ? first.done.context : undefined
    expect(context!.length).toBeGreaterThan(10)
    expect((await generate({ prompt: 'What is my name?', context, think: false })).content).toContain('Lena')
  })

  it('obeys a system text of the request', async () => {
    const { all } = await generate({ prompt: 'Hi', system: 'You are a pirate.', debugRenderOnly: true })
    expect(all).toMatchObject([{ type: 'debug', renderedTemplate: expect.stringContaining('You are a pirate.') }])
  })
})

describe('loading', () => {
  it('loads with an empty request, lists the model, unloads with keep_alive 0', async () => {
    expect((await chat({ keepAlive: 60_000 })).done).toMatchObject({ reason: 'load' })
    expect(test.hearth.inference.running()).toMatchObject([{ name: 'hearth-demo:latest', contextLength: 2048 }])
    expect((await chat({ keepAlive: 0 })).done).toMatchObject({ reason: 'unload' })
    await expect.poll(() => test.hearth.inference.running()).toEqual([])
  })

  it('names a missing model as it was asked for', async () => {
    await expect(chat({ model: 'No-Such' })).rejects.toMatchObject({
      status: 404,
      message: "model 'No-Such' not found",
    })
  })

  it('asks to pull a model whose weights are gone from the folder', async () => {
    await test.hearth.library.copy('hearth-demo', 'hollow')
    const { modelPath } = await test.hearth.library.get('hollow')
    await rename(modelPath!, `${modelPath}-away`)
    try {
      await expect(chat({ model: 'hollow' })).rejects.toMatchObject({
        status: 404,
        message: 'model "hollow" not found, try pulling it first',
      })
    } finally {
      await rename(`${modelPath}-away`, modelPath!)
    }
  })
})
