import { describe, expect, test } from 'vitest'
import type { LoadForecast, Machine } from '../../../../main/engine/tool-engine.ts'
import { guessLoad, judgeFit } from '../../../../main/library/fit/fit.ts'

const gb = 1e9
const laptop: Machine = { ram: 10 * gb, totalRam: 16 * gb, vram: 0, totalVram: 0, isUnified: false }
const gamer: Machine = { ram: 10 * gb, totalRam: 16 * gb, vram: 7 * gb, totalVram: 8 * gb, isUnified: false }
const mac: Machine = { ram: 12 * gb, totalRam: 16 * gb, vram: 11 * gb, totalVram: 12 * gb, isUnified: true }

const load = (over: Partial<LoadForecast> = {}): LoadForecast => ({
  needed: { ram: 3 * gb, vram: 0 },
  layers: 0,
  gpuLayers: 0,
  asked: 4096,
  contextSize: 4096,
  ...over,
})
const judged = (machine: Machine, planned: LoadForecast, over: { activeBytes?: number; diskFree?: number } = {}) =>
  judgeFit({ machine, load: planned, exact: true, download: 2 * gb, diskFree: 100 * gb, activeBytes: 2 * gb, ...over })

describe('how a model would run', () => {
  // Each row is a sentence a person would be told wrongly if its case were mixed up with another.
  test.each([
    ['a small model on the processor', judged(laptop, load()), { verdict: 'well', computedBy: 'processor' }],
    ['a large one there', judged(laptop, load(), { activeBytes: 8 * gb }), { verdict: 'slow' }],
    ['the same on a graphics card', judged(gamer, onGpu(32), { activeBytes: 8 * gb }), { verdict: 'well' }],
    ['half of it there', judged(gamer, onGpu(16), { activeBytes: 14 * gb }), { verdict: 'slow', computedBy: 'both' }],
    ['a context cut short', judged(laptop, load({ contextSize: 2048 })), { verdict: 'forgetful', contextSize: 2048 }],
    ['no memory for it', judged(laptop, load({ contextSize: 0 })), { verdict: 'too-large', needed: 3 * gb }],
    ['no room for the download', judged(laptop, load(), { diskFree: gb }), { verdict: 'disk-full' }],
    // What does not fit into memory is not made to fit by room on the disk.
    ['neither', judged(laptop, load({ contextSize: 0 }), { diskFree: 0 }), { verdict: 'too-large' }],
  ])('%s', (_, fit, expected) => expect(fit).toMatchObject(expected))

  test('memory that a chip shares with its processor counts once', () => {
    expect(judged(mac, load()).free).toBe(12 * gb)
    expect(judged(mac, load()).total).toBe(16 * gb)
    expect(judged(gamer, load()).free).toBe(17 * gb)
  })
})

describe('a guess without a header', () => {
  test('tells what fits from what does not', () => {
    expect(guessLoad(5 * gb, laptop)).toMatchObject({ layers: 0, contextSize: 4096 })
    expect(guessLoad(20 * gb, laptop).contextSize).toBe(0)
    expect(guessLoad(20 * gb, mac).contextSize).toBe(0)
  })

  // A model made for two thousand tokens was promised room for six pages.
  test('promises no longer context than a model was made for', () => {
    expect(guessLoad(5 * gb, laptop, 2048)).toMatchObject({ asked: 2048, contextSize: 2048 })
    expect(guessLoad(5 * gb, laptop, 131_072)).toMatchObject({ asked: 4096, contextSize: 4096 })
  })

  test('puts on the graphics card what it holds', () => {
    expect(guessLoad(4 * gb, gamer).gpuLayers).toBe(100)
    const shared = guessLoad(12 * gb, gamer)
    expect(shared.gpuLayers).toBe(51)
    expect(shared.needed.vram).toBeLessThanOrEqual(gamer.vram)
    expect(shared.contextSize).toBe(4096)
  })
})

function onGpu(gpuLayers: number): LoadForecast {
  return load({ layers: 32, gpuLayers })
}
