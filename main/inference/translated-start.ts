import type { StartEngine } from '../engine/engine.ts'
import type { Library } from '../library/library.ts'

/**
 * Starts engines with files that llama.cpp reads: one made for Ollama's own engine is translated before it is loaded
 * for the first time, which is the first half of that load. Whoever asks for an engine names the model's own files.
 */
export function startingTranslated(start: StartEngine, library: Pick<Library, 'readable'>): StartEngine {
  return async (options, hooks = {}) => {
    let translated = 0
    const weights = await library.readable(options, {
      sees: !options.embeddings,
      signal: hooks.signal,
      onProgress: (done, total) => {
        // An encoder's file follows the model's, and is small.
        translated = Math.max(translated, done / total)
        hooks.onProgress?.(translated / 2)
      },
    })
    const onProgress = (fraction: number) => hooks.onProgress?.(translated > 0 ? (1 + fraction) / 2 : fraction)
    return start({ ...options, ...weights }, { ...hooks, onProgress })
  }
}
