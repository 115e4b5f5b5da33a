import type { StartEngine } from '../engine/engine.ts'
import type { Library } from '../library/library.ts'

/**
 * Starts engines with files that llama.cpp reads: one made for Ollama's own engine is translated before it is loaded
 * for the first time, which is the first half of that load. Whoever asks for an engine names the model's own files.
 */
export function startingTranslated(start: StartEngine, library: Pick<Library, 'readable'>): StartEngine {
  return async (options, hooks = {}) => {
    let isTranslated = false
    const weights = await library.readable(options, {
      sees: !options.embeddings,
      signal: hooks.signal,
      onProgress: (done, total) => {
        isTranslated = true
        hooks.onProgress?.(done / total / 2)
      },
    })
    const onProgress = (fraction: number) => hooks.onProgress?.(isTranslated ? (1 + fraction) / 2 : fraction)
    return start({ ...options, ...weights }, { ...hooks, onProgress })
  }
}
