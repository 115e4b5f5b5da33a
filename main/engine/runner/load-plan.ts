import { Problem } from '../../problem.ts'
import type { LoadOptions, LoadPlan, LoadShape } from '../engine.ts'

const gibibyte = 1024 ** 3

/** Bytes in main memory and on the GPU. */
export interface Bytes {
  readonly ram: number
  readonly vram: number
}

/** What may be used now. */
export interface FreeMemory extends Bytes {
  /** The GPU has no memory of its own: what it takes is gone from main memory, too. */
  readonly isUnified: boolean
  /** All memory the GPUs have, used or not; 0 without one. */
  readonly totalVram: number
}

/** What a load is planned from. */
export interface LoadFacts {
  /** Layers the GPU could hold with memory enough; 0 without a GPU. */
  readonly layers: number
  /** 0 where the file does not say. */
  readonly trainedContextSize: number
  readonly free: FreeMemory
  /**
   * Bytes that weights and context of a shape take, infinitely many for one beyond all measure. More layers take less
   * main memory, more context takes more.
   */
  readonly estimate: (shape: LoadShape) => Promise<Bytes>
}

/** Steps, in tokens, in which a context is shortened. */
const step = 256

/** Tokens of context by graphics memory where nobody names a number (upstream server/routes.go, Serve). */
export function defaultContextSize(totalVram: number): number {
  if (totalVram >= 47 * gibibyte) return 262_144
  if (totalVram >= 23 * gibibyte) return 32_768
  return 4096
}

/**
 * How to load a model: as asked if that fits. Otherwise, where stepping down is allowed, with as many layers on the GPU
 * as fit beside the context; and where main memory cannot hold the rest, with the longest context it can hold.
 * @throws Problem `out-of-memory`, worded as upstream llm/server.go does
 */
export async function planLoad(options: LoadOptions, facts: LoadFacts): Promise<LoadPlan> {
  const { free, layers } = facts
  const asked: LoadShape = {
    contextSize: askedContextSize(options, facts),
    gpuLayers: options.gpuLayers === 'auto' ? layers : Math.min(options.gpuLayers, layers),
  }
  const least = Math.min(asked.contextSize, options.leastContextSize ?? asked.contextSize)
  const mayStepDown = options.leastContextSize !== undefined
  const planned = async (contextSize: number): Promise<LoadPlan | undefined> => {
    const gpuLayers = mayStepDown ? await mostLayers(asked.gpuLayers, contextSize, facts) : asked.gpuLayers
    const needed = await facts.estimate({ contextSize, gpuLayers })
    // Without layers the GPU may still be lent memory for computing, but nothing depends on it.
    const fitsGpu = gpuLayers === 0 || needed.vram <= free.vram
    if (!fitsGpu || needed.ram + (free.isUnified ? needed.vram : 0) > free.ram) return undefined
    return { asked, contextSize, gpuLayers, ramBytes: needed.ram, vramBytes: needed.vram }
  }
  const whole = await planned(asked.contextSize)
  if (whole) return whole
  let best = least < asked.contextSize ? await planned(least) : undefined
  if (!best) throw tooLittle(await facts.estimate({ contextSize: least, gpuLayers: 0 }), free)
  // Between one that fits and one that does not, both in steps.
  let low = Math.floor(least / step)
  let high = Math.ceil(asked.contextSize / step)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const plan = await planned(middle * step)
    if (plan) [best, low] = [plan, middle]
    else high = middle
  }
  return best
}

/** Most layers, up to `most`, whose memory fits on the GPU beside a context; 0 when none does. */
async function mostLayers(most: number, contextSize: number, { estimate, free }: LoadFacts): Promise<number> {
  const fitting = async (gpuLayers: number) => (await estimate({ contextSize, gpuLayers })).vram <= free.vram
  if (await fitting(most)) return most
  let low = 0
  let high = most
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await fitting(middle)) low = middle
    else high = middle
  }
  return low
}

function askedContextSize({ contextSize }: LoadOptions, { free, trainedContextSize }: LoadFacts): number {
  if (contextSize !== 'auto') return contextSize
  const chosen = defaultContextSize(free.totalVram)
  return Math.min(chosen, trainedContextSize || chosen)
}

function tooLittle(needed: Bytes, free: FreeMemory): Problem {
  if (needed.ram === Number.POSITIVE_INFINITY) {
    return new Problem('out-of-memory', 500, 'unable to load model: the context is too large')
  }
  const text = `model requires more system memory (${inGibibytes(needed.ram)}) than is available (${inGibibytes(free.ram)})`
  return new Problem('out-of-memory', 500, text, `graphics memory: ${inGibibytes(free.vram)} available`)
}

function inGibibytes(bytes: number): string {
  return `${(Math.max(0, bytes) / gibibyte).toFixed(1)} GiB`
}
