import { afterEach, expect, test, vi } from 'vitest'
import { type Engine, type GenerateEvent, type GenerateRequest, readerPatience } from '../../../main/engine/engine.ts'
import { type Generation, generation } from '../../../main/inference/generation.ts'
import { inferredFormat, namedFormat } from '../../../main/inference/prompt/output/formats.ts'
import type { InferenceEvent } from '../../../main/inference/requests.ts'
import { eachOf } from '../../../main/portions.ts'

const counts = { promptTokens: 1, cachedTokens: 0, promptNanoseconds: 1, outputTokens: 1, outputNanoseconds: 1 }

const contextSize = 500

/** An engine that writes given pieces, one list a request, and remembers what it was asked. */
function scripted(...answers: readonly (readonly string[])[]) {
  const asked: GenerateRequest[] = []
  const engine = {
    info: { contextSize },
    tokenize: (text: string) => Promise.resolve([...text].map((_, index) => index)),
    async *generate(
      request: GenerateRequest,
      _signal?: AbortSignal,
      onOver?: (heard: boolean) => void,
    ): AsyncGenerator<readonly GenerateEvent[]> {
      const pieces = answers[asked.length]!
      asked.push(request)
      let heard = false
      try {
        for (const text of pieces) {
          yield [{ type: 'text', text, logprobs: [{ token: text, logprob: -1, bytes: [] }] }]
        }
        heard = true
        const promptTokens = request.prompt.length
        yield [{ type: 'end', reason: 'stop', counts: { ...counts, promptTokens }, tokens: [] }]
      } finally {
        onOver?.(heard)
      }
    },
  } as unknown as Engine
  return { engine, asked }
}

async function under(format: Generation['output']['format'], prompt: string, ...answers: readonly string[][]) {
  const { engine, asked } = scripted(...answers)
  const work = {
    request: { prompt, maxTokens: 100, keepTokens: 4 } as unknown as GenerateRequest,
    grammar: 'root ::= "{}"',
    cuts: true,
    output: { format, context: { tools: [], prompt, readsCalls: true }, thinks: true },
    since: 0n,
    loadNanoseconds: 0,
    onOver: () => over.push(asked.length),
  }
  const over: number[] = []
  const events: InferenceEvent[] = []
  for await (const event of eachOf(generation(engine, work))) events.push(event)
  const deltas = events.filter(event => event.type === 'delta')
  return {
    asked,
    over,
    thinking: deltas.map(({ thinking = '' }) => thinking).join(''),
    content: deltas.map(({ content }) => content).join(''),
    calls: deltas.flatMap(({ toolCalls = [] }) => toolCalls.map(call => call.function)),
    promptEvalCount: events.flatMap(event => (event.type === 'done' ? event.metrics?.promptEvalCount : [])),
    tokens: deltas.flatMap(({ logprobs = [] }) => logprobs.map(({ token }) => token)),
  }
}

const qwen = namedFormat('qwen3')!
const harmony = namedFormat('harmony')!
const kimi = inferredFormat('<|open|><|close|><|end_of_msg|>')

// A prompt cut in the wrong place puts the grammar inside the thinking, or the answer into no channel.
test.each([
  ['thinking and its end', qwen, 'P', ['<think>', 'Hm', '</think>', '\n\n', 'Sure'], 'P<think>Hm</think>\n\n'],
  ['no thinking at all', qwen, 'P', ['Sure'], 'P'],
  ['thinking that is not closed', qwen, 'P', ['<think>', 'Hm'], 'P<think>Hm</think>\n\n'],
  ['thinking the prompt has begun', qwen, 'P<think>', ['Hm', '</think>', 'Sure'], 'P<think>Hm</think>'],
  ['thinking the prompt has begun, not closed', qwen, 'P<think>', ['Hm'], 'P<think>Hm</think>\n\n'],
  [
    'a channel for the answer',
    harmony,
    '<|start|>assistant',
    ['<|channel|>analysis<|message|>', 'Hm', '<|end|>', '<|start|>assistant<|channel|>final<|message|>', 'a'],
    '<|start|>assistant<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>',
  ],
  [
    'a channel for the answer that was not opened',
    harmony,
    '<|start|>assistant',
    ['<|channel|>analysis<|message|>', 'Hm'],
    '<|start|>assistant<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>',
  ],
  [
    'a section for the answer',
    kimi,
    '<|open|>think<|sep|>',
    ['Hm', '<|close|>think<|sep|>', '<|open|>response<|sep|>', 'Sure'],
    '<|open|>think<|sep|>Hm<|close|>think<|sep|><|open|>response<|sep|>',
  ],
])('the grammar begins behind %s', async (_, format, prompt, written, second) => {
  const { asked, thinking, content } = await under(format, prompt, written, ['{}'])
  expect(asked.map(({ grammar }) => grammar)).toEqual([undefined, 'root ::= "{}"'])
  expect(asked[1]!.prompt).toBe(second)
  expect(thinking).toBe(second.includes('Hm') ? 'Hm' : '')
  expect(content).toBe('{}')
})

test('each token of thinking and answer has its probability once, what was drawn in vain has none', async () => {
  const { tokens } = await under(qwen, 'P', ['<think>', 'Hm', '</think>', 'Sure'], ['{', '}'])
  expect(tokens).toEqual(['<think>', 'Hm', '</think>', '{', '}'])
})

// Given back between the two, the engine could leave before the answer.
test.each([
  ['broken off', ['<think>', 'Hm', '</think>', 'Sure']],
  ['ended by itself', ['<think>', 'Hm', '</think>']],
])('the engine is given back after the answer, not after the thinking, %s', async (_, written) => {
  const { over } = await under(qwen, 'P', written, ['{}'])
  expect(over).toEqual([2])
})

// The answer would end in an error, though its thinking had room.
test('a prompt that fills the context is cut for what was thought', async () => {
  const { asked } = await under(qwen, 'P'.repeat(contextSize - 5), ['<think>', 'Hm', '</think>', 'Sure'], ['{}'])
  const { prompt } = asked[1]!
  expect(prompt.length).toBeLessThan(contextSize)
  expect(prompt).toBeInstanceOf(Array)
})

// Reckoned from the cut prompt of the second step, the count went below zero.
test.each([
  ['whole', 1, ['Hm', '</think>', 'Sure']],
  ['cut for what was thought', contextSize - 5, ['Hm', '</think>', 'Sure']],
  ['cut, after thinking that ended by itself', contextSize - 5, ['Hm', '</think>']],
])('the tokens of a prompt are those of the request: %s', async (_, length, written) => {
  const { promptEvalCount } = await under(qwen, 'P'.repeat(length), ['<think>', ...written], ['{}'])
  expect(promptEvalCount).toEqual([length])
})

const call = '<tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'
const called = { index: 0, name: 'f', arguments: { a: 1 } }

// A call was taken for the answer, thrown away, and a text under the grammar came in its place.
test.each([
  ['behind thinking', qwen, ['<think>', 'Hm', '</think>', '\n\n', call, '\n']],
  ['alone', qwen, [call]],
  ['found at the end', qwen, [call.slice(0, -'</tool_call>'.length)]],
  ['in a channel', harmony, ['<|channel|>commentary to=functions.f<|message|>', '{"a": 1}']],
])('a call needs no grammar: %s', async (_, format, written) => {
  const { asked, over, calls, content } = await under(format, 'P', written)
  expect(calls).toEqual([called])
  expect(content).toBe('')
  expect(asked).toHaveLength(1)
  expect(over).toEqual([1])
})

test('what is said behind a call is under the grammar', async () => {
  const { asked, calls, content } = await under(qwen, 'P', ['<think>Hm</think>', call, '\n\nSure'], ['{}'])
  expect(calls).toEqual([called])
  expect(content).toBe('{}')
  expect(asked[1]!.prompt).toBe(`P<think>Hm</think>${call}\n\n`)
})

afterEach(() => vi.useRealTimers())

// Its lease would keep the model from leaving for as long as the connection stands.
test.each<[string, () => AsyncGenerator<readonly GenerateEvent[], void, void>, heard: boolean]>([
  [
    'whose end is there, unread',
    async function* () {
      yield [{ type: 'text', text: '<think>' }]
      yield [{ type: 'text', text: 'Hm' }]
      yield [{ type: 'end', reason: 'stop', counts, tokens: [] }]
    },
    true,
  ],
  [
    'whose last words came with the first of the answer',
    async function* () {
      yield ['<think>', 'Hm', '</think>', 'Sure'].map(text => ({ type: 'text', text }))
      yield [{ type: 'text', text: 'ly' }]
    },
    false,
  ],
])('a reader who does not come back for thinking %s loses the engine', async (_, written, isOver) => {
  vi.useFakeTimers()
  const over: boolean[] = []
  const engine = {
    async *generate(_request: GenerateRequest, _signal: unknown, onOver: (heard: boolean) => void) {
      // The engine is done before the reader has taken anything, or its reader leaves.
      if (isOver) onOver(true)
      try {
        yield* written()
      } finally {
        if (!isOver) onOver(false)
      }
    },
  } as unknown as Engine
  const work = {
    request: { prompt: 'P', maxTokens: 100 } as unknown as GenerateRequest,
    grammar: 'root ::= "{}"',
    cuts: true,
    output: { format: qwen, context: { tools: [], prompt: 'P', readsCalls: false }, thinks: true },
    since: 0n,
    loadNanoseconds: 0,
    onOver: (heard: boolean) => over.push(heard),
  }
  const reader = generation(engine, work)
  await reader.next()
  vi.advanceTimersByTime(readerPatience - 1)
  expect(over).toEqual([])
  vi.advanceTimersByTime(1)
  expect(over).toEqual([false])
  await expect(reader.next()).rejects.toMatchObject({ code: 'cancelled', status: 499 })
})
