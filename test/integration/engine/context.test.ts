import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { answer, ask, chatModel, chatPrompt, endlessGrammar, greedy, startEngine } from './engine.ts'

describe('an engine whose context is full', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ ...chatModel, contextSize: 256 })
  })
  afterAll(() => engine.dispose())

  const words = { grammar: endlessGrammar, sampling: { ...greedy, temperature: 1, seed: 5 } }

  it('goes on beyond its window, many times over, and still knows what it was told to keep', async () => {
    const prompt = chatPrompt('My name is Lena.')
    const promptTokens = (await engine.tokenize(prompt, { special: true })).length
    const long = await answer(engine, ask(prompt, { ...words, maxTokens: 1000, keepTokens: promptTokens }))
    expect(long.counts.outputTokens).toBe(1000)
    expect(long.reason).toBe('length')
    expect(long.tokens).toHaveLength(promptTokens + 1000)
    // The kept prompt is still the beginning of the slot.
    const again = await answer(engine, ask(prompt, { maxTokens: 1 }))
    expect(again.counts.cachedTokens).toBe(promptTokens - 1)
  })

  it('keeps the whole prompt for a negative number, and some of the rest when asked to keep more than there is', async () => {
    const prompt = chatPrompt('My name is Lena.')
    for (const keepTokens of [-1, 0, 100_000]) {
      const { counts } = await answer(engine, ask(prompt, { ...words, maxTokens: 400, keepTokens }))
      expect(counts.outputTokens).toBe(400)
    }
  })

  it('makes sense after a shift: the answer still obeys its grammar', async () => {
    const grammar = 'root ::= ([0-9] [0-9] ",")*'
    const { text } = await answer(engine, ask(chatPrompt('Count'), { ...words, grammar, maxTokens: 900 }))
    expect(text).toMatch(/^([0-9][0-9],)*[0-9]{0,2}$/)
  })

  it('ends with length when it must not shift', async () => {
    const { reason, counts } = await answer(
      engine,
      ask(chatPrompt('Tell me'), { ...words, maxTokens: 1000, shift: false }),
    )
    expect(reason).toBe('length')
    expect(counts.promptTokens + counts.outputTokens).toBe(256)
  })

  it('answers a prompt that leaves room for one token, and refuses a longer one in the words of the contract', async () => {
    const filler = (tokens: number) => Array.from({ length: tokens }, (_, index) => 40 + (index % 50))
    const fits = await answer(engine, ask(filler(255), { ...words, shift: false }))
    expect(fits.counts.outputTokens).toBe(1)
    for (const tokens of [256, 257, 50_000]) {
      await expect(answer(engine, ask(filler(tokens), words))).rejects.toMatchObject({
        code: 'context-too-long',
        status: 400,
        message:
          'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
      })
    }
  })

  it('refuses a text that cannot fit without reading it, which would hold up every other answer', async () => {
    await expect(answer(engine, ask('word '.repeat(1e6), words))).rejects.toMatchObject({
      code: 'context-too-long',
      details: '5000000 characters, 256 tokens available',
    })
  })
})
