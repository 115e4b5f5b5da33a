import { expect, it } from 'vitest'
import { type Engine, longestToken } from '../../../main/engine/engine.ts'
import { fitted } from '../../../main/inference/prompt-fit.ts'

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
