import type { LoadForecast, Machine } from '../../engine/tool-engine.ts'

/**
 * How a model would run on this computer, best first: well; slowly, below reading pace; forgetful, as its context had
 * to be shortened; not at all for want of memory, or of disk. `unsupported` is one that Hearth cannot run on any
 * computer.
 */
export type Verdict = 'well' | 'slow' | 'forgetful' | 'too-large' | 'disk-full' | 'unsupported'

export interface Fit {
  readonly verdict: Verdict
  /** By the model's own header; else by what the catalogue knows. */
  readonly exact: boolean
  /** Bytes still to be downloaded, and free where they would lie; null while there is no models folder. */
  readonly download: number
  readonly diskFree: number | null
  /** Bytes of memory it takes, that are free, and that there are, those of graphics cards included. */
  readonly needed: number
  readonly free: number
  readonly total: number
  /** What computes it. */
  readonly computedBy: 'graphics' | 'both' | 'processor'
  /** About how fast it writes. */
  readonly wordsPerSecond: number
  /** Tokens it can hold in view. */
  readonly contextSize: number
}

/** What a fit is judged by. */
export interface FitFacts {
  readonly machine: Machine
  readonly load: LoadForecast
  /** Bytes of weights that are read for one token. */
  readonly activeBytes: number
  readonly exact: boolean
  readonly download: number
  /** Bytes that are written a second time, in the form that llama.cpp reads. */
  readonly copied?: number
  readonly diskFree: number | null
}

/**
 * Bytes a second that weights come from memory at, on a computer of these days that is neither poor nor rich: two
 * channels of DDR4, a middling graphics card, a chip whose two parts share one memory. What a token takes is reading
 * the weights.
 */
const bandwidth = { processor: 30e9, graphics: 200e9, unified: 90e9 }

/** English words of one token, on the average. */
const wordsPerToken = 0.75
/** How fast people read. Words a second. */
const readingPace = 4

export function judgeFit({ machine, load, activeBytes, exact, download, copied = 0, diskFree }: FitFacts): Fit {
  const onGraphics = load.layers === 0 ? 0 : load.gpuLayers / load.layers
  const wordsPerSecond = wordsPerToken / secondsPerToken(activeBytes, onGraphics, machine)
  const fits = load.contextSize > 0
  const verdict = (): Verdict => {
    if (!fits) return 'too-large'
    if (diskFree !== null && download + copied > diskFree) return 'disk-full'
    if (load.contextSize < load.asked) return 'forgetful'
    return wordsPerSecond < readingPace ? 'slow' : 'well'
  }
  return {
    verdict: verdict(),
    exact,
    download,
    diskFree,
    wordsPerSecond,
    needed: load.needed.ram + load.needed.vram,
    free: machine.ram + (machine.isUnified ? 0 : machine.vram),
    total: machine.totalRam + (machine.isUnified ? 0 : machine.totalVram),
    computedBy: onGraphics === 0 ? 'processor' : onGraphics < 1 ? 'both' : 'graphics',
    contextSize: load.contextSize,
  }
}

function secondsPerToken(bytes: number, onGraphics: number, { isUnified }: Machine): number {
  const graphics = isUnified ? bandwidth.unified : bandwidth.graphics
  return (bytes * onGraphics) / graphics + (bytes * (1 - onGraphics)) / bandwidth.processor
}

/** Memory beside the weights, for a context of the usual length and for computing: a tenth, and some for itself. */
const besideWeights = (bytes: number) => bytes * 0.1 + 400e6
const usualContext = 4096

/**
 * How a model of so many bytes would be loaded, as near as that can be told by its size alone.
 * @param longest tokens of the longest context it was made for
 */
export function guessLoad(
  bytes: number,
  { ram, vram, totalVram, isUnified }: Machine,
  longest = usualContext,
): LoadForecast {
  const asked = Math.min(usualContext, longest)
  const needed = bytes + besideWeights(bytes)
  const layers = totalVram > 0 ? 100 : 0
  const gpuLayers = Math.floor(layers * Math.min(1, vram / needed))
  const share = layers === 0 ? 0 : gpuLayers / layers
  const fits = needed * (isUnified ? 1 : 1 - share) <= ram
  return {
    needed: { ram: needed * (1 - share), vram: needed * share },
    layers,
    gpuLayers,
    asked,
    contextSize: fits ? asked : 0,
  }
}
