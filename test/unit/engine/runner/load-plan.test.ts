import { describe, expect, it } from 'vitest'
import type { LoadOptions, LoadShape } from '../../../../main/engine/engine.ts'
import { defaultContextSize, type FreeMemory, planLoad } from '../../../../main/engine/runner/load-plan.ts'

const gib = 1024 ** 3

/** A model of 32 layers, 100 bytes each and 100 of context in each for 1,000 tokens; 50 bytes stay in main memory. */
const layers = 32
async function estimate({ contextSize, gpuLayers }: LoadShape) {
  const layer = 100 + contextSize / 10
  return { ram: 50 + (layers - gpuLayers) * layer, vram: gpuLayers * layer }
}

function plan(wish: Partial<LoadOptions>, memory: Partial<FreeMemory>, trainedContextSize = 131_072) {
  const options = { contextSize: 8192, gpuLayers: 'auto', ...wish } as LoadOptions
  const free = { ram: Infinity, vram: 0, isUnified: false, totalVram: 0, ...memory }
  return planLoad(options, { layers: free.vram > 0 ? layers : 0, trainedContextSize, free, estimate })
}

describe('a load plan', () => {
  it('puts the whole model on a GPU that holds it', async () => {
    expect(await plan({}, { vram: 100_000 })).toMatchObject({
      contextSize: 8192,
      gpuLayers: 32,
      asked: { contextSize: 8192, gpuLayers: 32 },
      ramBytes: 50,
      vramBytes: 32 * (100 + 819.2),
    })
  })

  it('asks for no layers on a machine without a GPU, and for as many as a request names', async () => {
    expect(await plan({}, {})).toMatchObject({ gpuLayers: 0, asked: { gpuLayers: 0 } })
    expect(await plan({ gpuLayers: 20 }, {})).toMatchObject({ gpuLayers: 0, asked: { gpuLayers: 0 } })
    expect(await plan({ gpuLayers: 20 }, { vram: 100_000 })).toMatchObject({ gpuLayers: 20 })
    expect(await plan({ gpuLayers: 999 }, { vram: 100_000 })).toMatchObject({ gpuLayers: 32 })
  })

  it('refuses what does not fit as long as nothing may be given up: others may leave for it', async () => {
    await expect(plan({}, { vram: 20_000 })).rejects.toMatchObject({ code: 'out-of-memory' })
    await expect(plan({}, { ram: 20_000 })).rejects.toMatchObject({ code: 'out-of-memory' })
  })

  it('leaves layers in main memory before it shortens the context', async () => {
    const found = await plan({ leastContextSize: 2048 }, { vram: 20_000 })
    // 21 layers of 919.2 bytes are 19,303; a 22nd does not fit.
    expect(found).toMatchObject({ contextSize: 8192, gpuLayers: 21, asked: { gpuLayers: 32 } })
  })

  it('shortens the context to the longest that fits where main memory is short, too', async () => {
    const found = await plan({ leastContextSize: 2048 }, { ram: 20_000 })
    // (20,000 - 50) / 32 - 100 = 523.4 bytes a layer: 5,234 tokens, in steps of 256.
    expect(found).toMatchObject({ contextSize: 5120, gpuLayers: 0, asked: { contextSize: 8192 } })
    const beside = await plan({ leastContextSize: 2048 }, { ram: 10_000, vram: 10_000 })
    expect(beside.contextSize).toBeGreaterThan(4096)
    expect(beside.gpuLayers).toBeGreaterThan(10)
  })

  it('never goes below a context that was named: it keeps that or says what is missing', async () => {
    const named = { contextSize: 8192, leastContextSize: 8192 } as const
    expect(await plan(named, { vram: 5_000 })).toMatchObject({ contextSize: 8192, gpuLayers: 5 })
    await expect(plan({ ...named, contextSize: 8192 }, { ram: 20_000 })).rejects.toMatchObject({
      code: 'out-of-memory',
      status: 500,
      message: 'model requires more system memory (0.0 GiB) than is available (0.0 GiB)',
    })
  })

  it('takes exactly the least when no more fits, also when it is no whole number of steps', async () => {
    const least = 2100
    expect(await plan({ leastContextSize: least }, { ram: 50 + 32 * 310 })).toMatchObject({ contextSize: least })
    await expect(plan({ leastContextSize: least }, { ram: 50 + 32 * 310 - 1 })).rejects.toThrow('system memory')
  })

  it('counts what a GPU without memory of its own takes as taken from main memory', async () => {
    const wish = { leastContextSize: 2048 }
    const apart = await plan(wish, { ram: 20_000, vram: 40_000 })
    const shared = await plan(wish, { ram: 20_000, vram: 40_000, isUnified: true })
    expect([apart.contextSize, apart.gpuLayers]).toEqual([8192, 32])
    expect([shared.contextSize, shared.gpuLayers]).toEqual([5120, 32])
  })

  it('says that a context beyond all measure is too large instead of naming infinite memory', async () => {
    const options = { contextSize: 2 ** 40, gpuLayers: 0 } as LoadOptions
    const free = { ram: 1, vram: 0, isUnified: false, totalVram: 0 }
    const facts = { layers: 0, trainedContextSize: 0, free, estimate: async () => ({ ram: Infinity, vram: 0 }) }
    await expect(planLoad(options, facts)).rejects.toThrow('unable to load model: the context is too large')
  })

  it.each([
    [0, 4096],
    [23 * gib - 1, 4096],
    [23 * gib, 32_768],
    [47 * gib - 1, 32_768],
    [47 * gib, 262_144],
  ])('takes for %i bytes of graphics memory %i tokens where nobody names a number', async (totalVram, tokens) => {
    expect(defaultContextSize(totalVram)).toBe(tokens)
    const wish = { contextSize: 'auto' } as const
    expect(await plan(wish, { totalVram }, 300_000)).toMatchObject({ asked: { contextSize: tokens } })
    expect(await plan(wish, { totalVram }, 2000)).toMatchObject({ contextSize: 2000 })
  })
})
