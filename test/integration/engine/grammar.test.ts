import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { answer, ask, chatModel, chatPrompt, greedy, startEngine } from './engine.ts'

describe('answers held to a grammar', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(chatModel)
  })
  afterAll(() => engine.dispose())

  const person = `root ::= "{" ws "\\"name\\"" ws ":" ws string "," ws "\\"age\\"" ws ":" ws [0-9]{1,3} ws "}"
string ::= "\\"" [A-Za-z ]{1,20} "\\""
ws ::= " "?`

  it('are valid whatever the temperature, and end by themselves when the grammar is complete', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const sampling = { ...greedy, temperature: seed / 2, topK: 0, topP: 1, seed }
      const request = ask(chatPrompt('Percival has a hamster and is 38 years old'), { grammar: person, sampling })
      const { text, reason } = await answer(engine, request)
      expect(JSON.parse(text)).toEqual({ name: expect.any(String), age: expect.any(Number) })
      expect(reason).toBe('stop')
    }
  })

  it('say what the model knows, not just anything the grammar allows', async () => {
    const grammar = 'root ::= "The capital of France is " ("Berlin" | "Paris" | "Rome") "."'
    const { text } = await answer(engine, ask(chatPrompt('What is the capital of France?'), { grammar }))
    expect(text).toBe('The capital of France is Paris.')
  })

  it('hold for each of two answers by its own grammar', async () => {
    const digits = ask(chatPrompt('Hello'), { grammar: 'root ::= [0-9]{5}' })
    const letters = ask(chatPrompt('Hello'), { grammar: 'root ::= [a-z]{5}' })
    const [first, second] = await Promise.all([answer(engine, digits), answer(engine, letters)])
    expect(first.text).toMatch(/^[0-9]{5}$/)
    expect(second.text).toMatch(/^[a-z]{5}$/)
  })

  it('end when they repeat one piece without end, though the grammar would let them', async () => {
    const { text, reason } = await answer(
      engine,
      ask(chatPrompt('Hello'), { maxTokens: 500, grammar: 'root ::= "7"* "~"', endsRepetition: true }),
    )
    expect(text).toMatch(/^7{20,200}$/)
    // Not `stop`: a client would take half a JSON text for a whole one.
    expect(reason).toBe('length')
  })

  it('do not end before the grammar is complete', async () => {
    const grammar = 'root ::= "The capital of France is Paris." "!"{20}'
    expect((await answer(engine, ask(chatPrompt('What is the capital of France?'), { grammar }))).text).toContain(
      '!'.repeat(20),
    )
  })

  it.each([
    ['a broken grammar', 'root ::= ('],
    ['one without a root', 'start ::= "a"'],
    ['one that never gets anywhere', 'root ::= root "a"'],
    ['an unknown rule', 'root ::= nothing'],
    ['nothing', ''],
  ])('are refused for %s, and the engine goes on', async (_, grammar) => {
    await expect(answer(engine, ask(chatPrompt('Hi'), { grammar }))).rejects.toMatchObject({
      code: 'invalid-request',
      status: 400,
      message: 'failed to parse grammar',
    })
    expect((await answer(engine, ask(chatPrompt('What is the capital of France?')))).text).toContain('Paris')
  })
})
