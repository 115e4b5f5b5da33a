import type { Engine, LoadOptions } from '../engine/engine.ts'

/** How a request wants its model loaded. */
export interface LoadWish {
  readonly name: string
  readonly options: LoadOptions
  /**
   * The request or the model named `num_ctx`; otherwise a loaded context of any size will do and may be stepped down.
   */
  readonly exactContext: boolean
  /**
   * Milliseconds to stay loaded when idle, Infinity for ever; undefined keeps what a loaded model has that serves the
   * wish, else the default.
   */
  readonly keepAlive?: number
}

/** Fewest tokens of context that memory may force on a request that names no number. */
const smallestContext = 2048

/**
 * What a loaded engine is found by: a model that writes text and gives vectors too has an engine for each, so that the
 * two kinds of request do not reload each other.
 */
export function engineKey({ modelPath, embeddings }: LoadOptions): string {
  return `${embeddings ? 'vectors' : 'text'} ${modelPath}`
}

/**
 * The wish with what may be given up for it when memory is short: layers on the GPU always, context only where nobody
 * named a number.
 */
export function steppingDown({ options, exactContext }: LoadWish): LoadOptions {
  const { contextSize } = options
  if (exactContext && contextSize !== 'auto') return { ...options, leastContextSize: contextSize }
  const asked = contextSize === 'auto' ? smallestContext : contextSize
  return { ...options, leastContextSize: Math.min(smallestContext, asked) }
}

/**
 * Whether an engine that was loaded for one wish can answer another without being loaded anew (upstream
 * server/sched.go, needsReload). Unlike upstream, a context that one request named also serves those that name none:
 * a reload would win them nothing. A model that was loaded to see can answer those who show it nothing, too.
 */
export function serves(
  loaded: LoadWish,
  { info, steppedDown }: Pick<Engine, 'info' | 'steppedDown'>,
  wish: LoadWish,
): boolean {
  const have = loaded.options
  const want = wish.options
  const contextSize = steppedDown?.given.contextSize ?? have.contextSize
  return (
    (!wish.exactContext || contextSize === want.contextSize || info.contextSize === want.contextSize) &&
    have.batchSize === want.batchSize &&
    (want.gpuLayers === 'auto' || have.gpuLayers === want.gpuLayers) &&
    have.threads === want.threads &&
    have.slots === want.slots &&
    have.useMmap === want.useMmap &&
    have.flashAttention === want.flashAttention &&
    have.kvCacheType === want.kvCacheType &&
    engineKey(have) === engineKey(want) &&
    have.projectorPath === want.projectorPath &&
    (!want.withProjector || info.media !== undefined) &&
    have.adapterPaths.length === want.adapterPaths.length &&
    have.adapterPaths.every((path, index) => path === want.adapterPaths[index])
  )
}
