import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, TokenLogprob } from '../../../main/engine/engine.ts'
import { answer, ask, chatModel, chatPrompt, greedy, startEngine } from './engine.ts'

describe('log probabilities', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(chatModel)
  })
  afterAll(() => engine.dispose())

  const france = chatPrompt('What is the capital of France?')
  const entries = async (more: Parameters<typeof ask>[1]) => {
    const whole = await answer(engine, ask(france, more))
    return { ...whole, logprobs: whole.pieces.flatMap(({ logprobs }) => logprobs ?? []) }
  }

  it('come for every token of the text, with bytes that make up the text', async () => {
    const { text, logprobs, counts } = await entries({ logprobs: 0 })
    expect(logprobs).toHaveLength(counts.outputTokens - 1)
    expect(logprobs.map(({ token }) => token).join('')).toBe(text)
    expect(Buffer.from(logprobs.flatMap(({ bytes }) => bytes)).toString()).toBe(text)
    for (const { logprob, top } of logprobs) {
      expect(logprob).toBeLessThanOrEqual(0)
      expect(top).toBeUndefined()
    }
  })

  it('name the likeliest tokens first, the greedy choice at the top, of which the shares add up to one', async () => {
    const { logprobs } = await entries({ logprobs: 20 })
    for (const { token, logprob, top } of logprobs) {
      expect(top).toHaveLength(20)
      expect(top![0]).toEqual({ token, logprob, bytes: expect.any(Array) })
      const sorted = top!.map(entry => entry.logprob)
      expect(sorted).toEqual([...sorted].sort((a, b) => b - a))
    }
    const everything = await entries({ logprobs: engine.info.vocabularySize, maxTokens: 3 })
    for (const { top } of everything.logprobs) {
      expect(top!.reduce((sum, entry) => sum + Math.exp(entry.logprob), 0)).toBeCloseTo(1, 3)
    }
  })

  it("are the model's own, whatever the temperature, penalties or grammar did to the draw", async () => {
    const own = (await entries({ logprobs: 5, maxTokens: 1 })).logprobs[0]!
    const sampling = { ...greedy, temperature: 2, topK: 2, presencePenalty: 2, repeatLastN: -1, seed: 3 }
    const drawn = (await entries({ logprobs: 5, maxTokens: 1, sampling })).logprobs[0]!
    const rounded = (top: TokenLogprob['top']) => top!.map(({ token, logprob }) => [token, logprob.toFixed(3)])
    expect(rounded(drawn.top)).toEqual(rounded(own.top))
    const forced = (await entries({ logprobs: 5, maxTokens: 1, grammar: 'root ::= "qqq"' })).logprobs[0]!
    expect(rounded(forced.top)).toEqual(rounded(own.top))
    expect(forced.logprob).toBeLessThan(own.top!.at(-1)!.logprob)
  })

  it('give half a character as bytes, without a replacement character in its place', async () => {
    const { text, logprobs } = await entries({ logprobs: 0, grammar: 'root ::= "中"' })
    expect(text).toBe('中')
    expect(logprobs.flatMap(({ bytes }) => bytes)).toEqual([...Buffer.from('中')])
    expect(logprobs[0]!.token).toBe('')
  })

  it('leave out the tokens that a stop string cut off', async () => {
    const { text, logprobs } = await entries({ logprobs: 0, stop: [' Paris'] })
    expect(text).toBe('The capital of France is')
    expect(logprobs.map(({ token }) => token).join('')).toBe(text)
  })

  it('do not change the answer', async () => {
    const sampling = { ...greedy, temperature: 1, seed: 11 }
    const without = await entries({ sampling })
    expect((await entries({ sampling, logprobs: 5 })).text).toBe(without.text)
    expect(without.logprobs).toEqual([])
  })
})
