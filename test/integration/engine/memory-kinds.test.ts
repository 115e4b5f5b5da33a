import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { answer, ask, askEndlessly, chatModel, startEngine } from './engine.ts'
import { recurrentModel, slidingWindowModel, threeAxesModel } from './random-model.ts'

/** Tokens without meaning, another row for each seed. */
const tokens = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) => (index * 79 + seed * 31) % 250)

describe.each([
  // What lies before the window, or inside the state, is overwritten: building on it would be wrong.
  ['a sliding window', slidingWindowModel, 0],
  ['a recurrent state', recurrentModel, 0],
  ['positions of three numbers', threeAxesModel, 1300],
])('a model that remembers by %s', (kind, model, reached) => {
  let folder: string
  let engine: Engine
  let fresh: Engine
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-memory-'))
    const modelPath = join(folder, 'model.gguf')
    await writeFile(modelPath, model())
    const options = { ...chatModel, modelPath, batchSize: 64 }
    ;[engine, fresh] = await Promise.all([startEngine(options), startEngine(options)])
  })
  afterAll(async () => {
    await Promise.all([engine.dispose(), fresh.dispose()])
    await rm(folder, { recursive: true })
  })

  /** The same answer as from an engine that has nothing of the prompt cached; returns how much was. */
  const sameAsFresh = async (prompt: number[]) => {
    await answer(fresh, ask([255 - (prompt[0] ?? 0)], { maxTokens: 1 }))
    const request = ask(prompt, { maxTokens: 30 })
    const [cached, anew] = [await answer(engine, request), await answer(fresh, request)]
    expect(cached.tokens).toEqual(anew.tokens)
    return cached
  }

  it('answers the same whether it goes on, goes back a little, far, or begins something else', async () => {
    const first = await sameAsFresh(tokens(200, 1))
    expect((await sameAsFresh([...first.tokens, 1, 2, 3])).counts.cachedTokens).toBeGreaterThan(200)
    // The same question again: without a saved state all of it would be read once more.
    expect((await sameAsFresh(tokens(200, 1))).counts.cachedTokens).toBeGreaterThanOrEqual(192)
    await sameAsFresh([...tokens(190, 1), 4, 5])
    await sameAsFresh(tokens(1500, 2))
    const back = await sameAsFresh([...tokens(1300, 2), 6, 7])
    expect(back.counts.cachedTokens).toBe(reached)
    await sameAsFresh(tokens(50, 3))
  })

  // A state of which some layers have gone on is neither before nor behind the tokens that were being read.
  it('answers the same after a prompt that was given up while it was read', async () => {
    for (const pings of [1, 2, 3]) {
      const abort = new AbortController()
      const reading = answer(
        engine,
        askEndlessly(tokens(1900, 5), { grammar: 'root ::= [\\x01-\\x7f] root' }),
        abort.signal,
      )
      for (let ping = 0; ping < pings; ping++) await engine.ping()
      abort.abort()
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
      await sameAsFresh(tokens(1900, 5).slice(0, 300))
    }
  })

  it('goes on beyond its context, though its positions cannot be moved', async () => {
    const grammar = 'root ::= ("ab" [\\x01-\\x08])* "~~~~"'
    const request = ask(tokens(100, 4), { maxTokens: 4500, keepTokens: 10, grammar })
    const { counts, reason } = await answer(engine, request)
    expect({ kind, tokens: counts.outputTokens, reason }).toEqual({ kind, tokens: 4500, reason: 'length' })
  })
})
