import { expect, it } from 'vitest'
import { type Engine, longestToken } from '../../../main/engine/engine.ts'
import { beginningOf, fitted } from '../../../main/inference/prompt-fit.ts'

it('has the engine read no more of a huge prompt than its ends, which are what stays', async () => {
  const contextSize = 16
  let read = 0
  // A vocabulary of its longest tokens alone: the worst case.
  const engine = {
    info: { contextSize },
    tokenize: async (text: string) => {
      read += text.length
      return text.match(new RegExp(`[^]{${longestToken}}`, 'g'))!.map(token => Number(token))
    },
  } as unknown as Engine
  const text = Array.from({ length: 10_000 }, (_, token) => String(token).padStart(longestToken)).join('')

  const { prompt, isCut } = await fitted(engine, text, { cut: true, keepTokens: 4 })
  const tokens = prompt as number[]
  expect(isCut).toBe(true)
  expect(read).toBeLessThanOrEqual(2 * contextSize * longestToken)
  expect(tokens.slice(0, 4)).toEqual([0, 1, 2, 3])
  const last = tokens.slice(4)
  expect(last.length).toBeGreaterThanOrEqual(6)
  expect(last).toEqual(Array.from(last, (_, index) => 10_000 - last.length + index))
  expect(tokens.length).toBeLessThan(contextSize)
})

// With the usual four tokens kept, a question about a long document was answered from the document's end alone.
it('keeps much of both ends where the beginning is to stay', async () => {
  const contextSize = 1_024
  const engine = {
    info: { contextSize },
    tokenize: async (text: string) => Array.from(text, sign => sign.codePointAt(0)!),
  } as unknown as Engine
  const text = `${'b'.repeat(2_000)}${'m'.repeat(2_000)}${'e'.repeat(2_000)}`
  const { prompt } = await fitted(engine, text, { cut: true, keepTokens: beginningOf(contextSize, 4) })
  const read = String.fromCodePoint(...(prompt as number[]))
  expect(read).toMatch(/^b{384}e{320,}$/)
  expect(read.length).toBeLessThan(contextSize)
  expect(beginningOf(contextSize, 500)).toBe(500)
  expect(beginningOf(contextSize, -1)).toBe(-1)
})
