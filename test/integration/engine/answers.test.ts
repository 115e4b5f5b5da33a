import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { eachOf } from '../../../main/portions.ts'
import { answer, ask, chatModel, chatPrompt, greedy, startEngine } from './engine.ts'

describe('answers of one engine', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(chatModel)
  })
  afterAll(() => engine.dispose())

  const france = chatPrompt('What is the capital of France?')

  it('knows the capital of France and says why it stopped', async () => {
    const { text, reason, counts, tokens } = await answer(engine, ask(france))
    expect(text).toBe('The capital of France is Paris.')
    expect(reason).toBe('stop')
    const prompt = await engine.tokenize(france, { special: true })
    expect(counts.promptTokens).toBe(prompt.length)
    expect(tokens.slice(0, prompt.length)).toEqual(prompt)
    // The answer's tokens without the one that ended it, which is counted as drawn.
    expect(await engine.detokenize(tokens.slice(prompt.length), { special: true })).toBe(text)
    expect(counts.outputTokens).toBe(tokens.length - prompt.length + 1)
    expect(counts.promptNanoseconds).toBeGreaterThan(0)
    expect(counts.outputNanoseconds).toBeGreaterThan(0)
  })

  it('comes token by token, not as one piece at the end', async () => {
    const { pieces } = await answer(engine, ask(chatPrompt('Count from 1 to 30')))
    expect(pieces.length).toBeGreaterThan(20)
  })

  it('says the same twice when greedy, whether its prompt was cached or not', async () => {
    const first = await answer(engine, ask(chatPrompt('Why is the sky blue?')))
    const second = await answer(engine, ask(chatPrompt('Why is the sky blue?')))
    expect(second.text).toBe(first.text)
    expect(first.text).toContain('Rayleigh')
    expect(second.counts.cachedTokens).toBe(second.counts.promptTokens - 1)
  })

  it('repeats a random answer for the same seed, also when its prompt was cached, and not for another', async () => {
    const story = chatPrompt('Tell me a short story about a cat')
    const told = async (seed: number) => {
      const sampling = { ...greedy, temperature: 1.5, topK: 0, topP: 1, seed }
      return (await answer(engine, ask(story, { sampling, maxTokens: 60 }))).text
    }
    await answer(engine, ask(chatPrompt('Hello')))
    const first = await told(7)
    expect(await told(7)).toBe(first)
    expect(await told(8)).not.toBe(first)
  })

  it('draws another answer each time when no seed is given', async () => {
    const sampling = { ...greedy, temperature: 2, topK: 0, topP: 1 }
    const request = ask(chatPrompt('Tell me a story'), { sampling, maxTokens: 40 })
    expect((await answer(engine, request)).text).not.toBe((await answer(engine, request)).text)
  })

  it('continues from a prompt given as tokens, exactly as from its text', async () => {
    const tokens = await engine.tokenize(france, { special: true })
    expect((await answer(engine, ask(tokens))).text).toBe('The capital of France is Paris.')
  })

  it('evaluates only what is new in the second turn', async () => {
    const first = await answer(engine, ask(chatPrompt('My name is Lena.')))
    const second = await answer(engine, ask(chatPrompt('My name is Lena.', first.text, 'What is my name?')))
    expect(second.text).toContain('Lena')
    const { promptTokens, cachedTokens } = second.counts
    // The first turn differs by the empty thinking in front of the answer; all before it is kept.
    expect(cachedTokens).toBeGreaterThan(10)
    expect(promptTokens - cachedTokens).toBeLessThan(promptTokens / 1.3)
    const grown = second.tokens
    const third = await answer(engine, ask([...grown, ...(await engine.tokenize('\nBye', { special: true }))]))
    expect(third.counts.promptTokens - third.counts.cachedTokens).toBeLessThan(8)
  })

  it('stops at a stop string across token borders and prints nothing of it', async () => {
    const { text, reason, stopString } = await answer(engine, ask(france, { stop: ['Nothing', 'ance is Pa'] }))
    expect(text).toBe('The capital of Fr')
    expect(reason).toBe('stop')
    expect(stopString).toBe('ance is Pa')
  })

  it('prints the beginning of a stop string when the rest does not come', async () => {
    expect((await answer(engine, ask(france, { stop: ['Paris.\n\nAnd'] }))).text).toBe(
      'The capital of France is Paris.',
    )
  })

  it('stops at a special token that was named as a stop string, though it prints nothing', async () => {
    const thinking = '<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n'
    const { text, stopString } = await answer(engine, ask(thinking, { stop: ['</think>'] }))
    expect(text.trim()).toMatch(/^<think>\n.+$/)
    expect(stopString).toBe('</think>')
  })

  it('ends with length at the limit, and counts just that many tokens', async () => {
    const { reason, counts } = await answer(engine, ask(chatPrompt('Count from 1 to 30'), { maxTokens: 5 }))
    expect(reason).toBe('length')
    expect(counts.outputTokens).toBe(5)
  })

  it('only reads the prompt when asked for no tokens, and has it cached afterwards', async () => {
    const prompt = chatPrompt('What does a cow give?')
    const { text, reason, counts } = await answer(engine, ask(prompt, { maxTokens: 0 }))
    expect({ text, reason, drawn: counts.outputTokens }).toEqual({ text: '', reason: 'length', drawn: 0 })
    const after = await answer(engine, ask(prompt))
    expect(after.counts.cachedTokens).toBe(after.counts.promptTokens - 1)
  })

  it('never cuts a Chinese character or an emoji, each of which is three or four tokens', async () => {
    const { pieces, text } = await answer(engine, ask(chatPrompt('你好')))
    expect(text).toContain('你好')
    for (const piece of pieces) expect(piece.text).not.toContain('\uFFFD')
    const grammar = 'root ::= "😀你👩‍👩‍👧好" [^x]'
    const forced = await answer(engine, ask(france, { grammar, maxTokens: 40 }))
    expect(forced.text).toMatch(/^😀你👩‍👩‍👧好/u)
    for (const piece of forced.pieces) expect(Buffer.from(piece.text).toString()).toBe(piece.text)
    for (const piece of forced.pieces) expect(piece.text).not.toMatch(/[\uD800-\uDBFF]$/)
  })

  it('drops half a character when the limit cuts it', async () => {
    const { text, counts } = await answer(engine, ask(france, { grammar: 'root ::= "中文"', maxTokens: 4 }))
    expect(counts.outputTokens).toBe(4)
    expect(text).toBe('中')
  })

  // Pieces wait for each other on their way out; those that waited when it failed were lost.
  it('gives all that was made before it failed', async () => {
    const grammar = 'root ::= "what is said and done" [z-a]'
    let text = ''
    const reading = (async () => {
      for await (const event of eachOf(engine.generate(ask(france, { grammar })))) {
        if (event.type === 'text') text += event.text
      }
    })()
    await expect(reading).rejects.toThrow('an error was encountered while running the model: no token')
    expect(text).toBe('what is said and done')
  })

  it('hides control tokens unless they are asked for', async () => {
    const prompt = await engine.tokenize('<|im_start|>user\nHi<|im_end|>\n', { special: true })
    expect(await engine.detokenize(prompt)).toBe('user\nHi\n')
    expect(await engine.detokenize(prompt, { special: true })).toBe('<|im_start|>user\nHi<|im_end|>\n')
    const forced = ask(france, { grammar: 'root ::= "a<|im_start|>b"' })
    const special = await engine.tokenize('a<|im_start|>b', { special: true })
    const hidden = await answer(engine, forced)
    expect(hidden.tokens.slice(-special.length)).toEqual(special)
    expect(hidden.text).toBe('ab')
    const shown = await answer(engine, { ...forced, preservedTokens: ['<|im_start|>', 'no token', ''] })
    expect(shown.text).toBe('a<|im_start|>b')
  })

  it('reads special tokens in a text only when told to', async () => {
    expect(await engine.tokenize('<|im_end|>', { special: true })).toHaveLength(1)
    expect((await engine.tokenize('<|im_end|>')).length).toBeGreaterThan(1)
    expect(await engine.tokenize('')).toEqual([])
    expect(await engine.detokenize([])).toBe('')
  })

  it('gives every text back from its tokens, space for space', async () => {
    for (const text of ['  two  spaces ?', ' , and . ', "don't", 'a\t\n\r b', '你好 😀 é', '\uFEFFmark', '\0zero']) {
      expect(await engine.detokenize(await engine.tokenize(text))).toBe(text)
    }
  })

  it('repeats itself without a penalty and not with one', async () => {
    const prompt = chatPrompt('Count from 1 to 30')
    const plain = await answer(engine, ask(prompt, { maxTokens: 80 }))
    const sampling = { ...greedy, repeatPenalty: 1, presencePenalty: 2, frequencyPenalty: 2, repeatLastN: -1 }
    const penalised = await answer(engine, ask(prompt, { maxTokens: 80, sampling }))
    const commas = (text: string) => text.split(',').length
    expect(commas(penalised.text)).toBeLessThan(commas(plain.text))
    const offByWindow = { ...sampling, repeatLastN: 0 }
    expect((await answer(engine, ask(prompt, { maxTokens: 80, sampling: offByWindow }))).text).toBe(plain.text)
  })

  it('takes the likeliest token with top-k 1, with top-p 0 and with min-p 1, as with temperature 0', async () => {
    for (const narrow of [{ topK: 1 }, { topP: 0 }, { minP: 1 }]) {
      const sampling = { ...greedy, temperature: 3, topK: 0, topP: 1, ...narrow }
      expect((await answer(engine, ask(france, { sampling }))).text).toBe('The capital of France is Paris.')
    }
  })

  it('refuses an empty prompt and tokens the model does not have', async () => {
    await expect(answer(engine, ask(''))).rejects.toMatchObject({ code: 'invalid-request', status: 400 })
    for (const token of [-1, 1e9, 1.5, Number.NaN]) {
      await expect(answer(engine, ask([token]))).rejects.toMatchObject({ code: 'invalid-request', status: 400 })
    }
    expect((await answer(engine, ask(france))).text).toContain('Paris')
  })
})
