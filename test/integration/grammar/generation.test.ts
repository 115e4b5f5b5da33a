import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { grammarFor } from '../../../main/inference/grammar/format.ts'
import { judgedCases } from '../../unit/inference/grammar/judge.ts'
import { answer, ask, chatModel, chatPrompt, greedy, startEngine } from '../engine/engine.ts'

const question = chatPrompt('Percival has a hamster and is 38 years old')
const slots = 2

describe('answers of a real model held to a schema', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ ...chatModel, slots, contextSize: 512 })
  })
  afterAll(() => engine.dispose())

  let ended = 0
  let cut = 0

  // A model that draws wildly finds every gap: broken characters, endless blanks, a value that no reader accepts.
  it.each(judgedCases)('are valid however wildly it draws: $name', async ({ schema, isValid: judge }) => {
    const grammar = grammarFor(schema)!
    const isValid = judge()
    const seeds = Array.from({ length: slots }, (_, seed) => seed + 1)
    const answers = await Promise.all(
      seeds.map(seed => {
        const sampling = { ...greedy, temperature: 1.5, topK: 0, topP: 1, seed }
        return answer(engine, ask(question, { grammar, sampling, maxTokens: 100 }))
      }),
    )
    const whole = answers.filter(({ reason }) => reason === 'stop').map(({ text }) => text)
    expect(whole.filter(text => !isValid(JSON.parse(text)))).toEqual([])
    ended += whole.length
    cut += answers.length - whole.length
  })

  // Were every answer cut off at its limit, the test above would judge nothing.
  it('end by themselves more often than not', () => {
    expect(ended).toBeGreaterThan(cut * 2)
  })

  it('say what the question holds', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0, maximum: 150 } },
      required: ['name', 'age'],
    }
    const { text, reason } = await answer(engine, ask(question, { grammar: grammarFor(schema)! }))
    expect(JSON.parse(text)).toEqual({ name: 'Percival', age: 38 })
    expect(reason).toBe('stop')
  })

  it('are an object for "json", and end', async () => {
    const { text, reason } = await answer(engine, ask(question, { grammar: grammarFor('json')!, maxTokens: 400 }))
    expect(JSON.parse(text)).toBeTypeOf('object')
    expect(reason).toBe('stop')
  })
})
