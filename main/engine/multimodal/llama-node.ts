import { pbkdf2 } from 'node:crypto'
import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'

/**
 * The native part of llama.node, a build of llama.cpp with its library for pictures and sound (mtmd). Its JavaScript
 * part is left out: it would install the CUDA and WebAssembly builds and the source as well. The members below are
 * those of its lib/binding.ts, as far as they are used here.
 */
export interface NativeLlama {
  new (options: NativeLoadOptions): NativeModel
  /** A JSON list of what can compute; `type` is `gpu` for a graphics card, `maxMemorySize` in bytes. */
  getBackendDevicesInfo(): string
  /** While on, llama.cpp's log goes to the listener instead of stderr. */
  toggleNativeLog(on: boolean, listener: (level: string, text: string) => void): void
}

export interface NativeLoadOptions {
  readonly model: string
  readonly n_ctx: number
  readonly n_batch: number
  readonly n_ubatch: number
  readonly n_parallel: number
  readonly n_threads: number
  /** -1 for all. */
  readonly n_gpu_layers: number
  readonly use_mmap?: boolean
  readonly flash_attn_type: 'auto' | 'on' | 'off'
  readonly cache_type_k: string
  readonly cache_type_v: string
  readonly ctx_shift: false
  readonly lora_list: readonly { readonly path: string; readonly scaled: number }[]
}

export interface NativeModel {
  getModelInfo(): { readonly size: number; readonly nEmbd: number }
  /** Names of the devices that hold layers. */
  getUsedDevices(): string[]
  /** @throws Error when the projector cannot be read or does not fit the model */
  initMultimodal(options: { readonly path: string; readonly use_gpu: boolean }): boolean
  getMultimodalSupport(): { readonly vision: boolean; readonly audio: boolean }
  /** Special tokens are parsed. With media, -1 stands for each position one of them takes. */
  tokenize(text: string, media?: readonly string[]): Promise<{ readonly tokens: Int32Array }>
  detokenize(tokens: readonly number[]): Promise<string>
  /**
   * One answer at a time; to be called through `complete`. A rejection leaves the object unusable, and its end
   * takes the process with it: whatever can be wrong with a request is to be checked before.
   * @param onPiece whole characters of one token, or of the few that make one character; special tokens print, too
   */
  completion(request: NativeRequest, onPiece: (piece: NativePiece) => void): Promise<NativeResult>
  /** Ends the answer after the batch or the token under way. */
  stopCompletion(): void
  /** Forgets what was evaluated; otherwise the next prompt goes on from the longest beginning they share. */
  clearCache(clearData?: boolean): void
}

/** Defaults are not llama.cpp's own: every option must be given. */
export interface NativeRequest extends NativeSampling {
  readonly prompt: string
  readonly media_paths: readonly string[]
  /** With 0 the prompt counts as evaluated although it is not: `clearCache` must follow. */
  readonly n_predict: number
  readonly grammar?: string
  /** Alternatives reported for each token. */
  readonly n_probs: number
}

export interface NativeSampling {
  readonly temperature: number
  readonly top_k: number
  readonly top_p: number
  readonly min_p: number
  readonly typical_p: number
  readonly penalty_last_n: number
  readonly penalty_repeat: number
  readonly penalty_freq: number
  readonly penalty_present: number
  /** A signed 32-bit number; -1 draws one. */
  readonly seed: number
  readonly xtc_probability: number
  readonly dry_multiplier: number
}

/** One token of an answer with the likeliest ones at its place, by their probabilities after all sampling options. */
export interface NativeProbabilities {
  readonly content: string
  readonly probs: readonly { readonly tok_str: string; readonly prob: number }[]
}

export interface NativePiece {
  readonly token: string
  /** In the first piece of an answer, preceded by those of all earlier answers. */
  readonly completion_probabilities?: readonly NativeProbabilities[]
}

export interface NativeResult {
  /** All pieces together. */
  readonly text: string
  readonly stopped_eos: boolean
  readonly stopped_limited: boolean
  readonly interrupted: boolean
  /** Prompt and answer together, the answer without its first token unless the prompt was cached. */
  readonly tokens_evaluated: number
  readonly tokens_predicted: number
  readonly completion_probabilities?: readonly NativeProbabilities[]
  readonly timings: { readonly prompt_n: number }
}

/** Some milliseconds of work for the one thread that libuv has in this process (environment.ts). */
const rounds = 5000

/**
 * One answer, with two traps of the binding kept shut. It notes that it is busy only after it has queued its work, and
 * work that is over by then leaves it busy for ever: so the worker gets something else to do first, which on a crowded
 * machine is not always enough. And pieces travel apart from the result, the last of them often behind it.
 * @throws Error `Another completion is in progress` where the one before was missed
 */
export async function complete(
  native: NativeModel,
  request: NativeRequest,
  onPiece: (piece: NativePiece) => void,
): Promise<NativeResult> {
  let received = 0
  pbkdf2('', '', rounds, 1, 'sha256', () => {})
  const result = await native.completion(request, piece => {
    received += piece.token.length
    onPiece(piece)
  })
  // An answer that ends within a character has more text than pieces.
  for (let turn = 0; received < result.text.length && turn < 100; turn++) await setImmediate()
  return result
}

/** The binding takes no more requests because it missed the end of one (see `complete`). */
export function isStuck(error: unknown): boolean {
  return error instanceof Error && error.message === 'Another completion is in progress'
}

const requireNative = createRequire(import.meta.url)

/**
 * The build for this machine: the one with Vulkan where it loads and finds a graphics card, else the plain one, which
 * on macOS computes with Metal.
 * @throws Error when there is no build for this platform
 */
export function nativeLlama(wantsGpu: boolean): NativeLlama {
  const name = `@fugood/node-llama-${process.platform}-${process.arch}`
  const withVulkan = wantsGpu && process.platform !== 'darwin' ? optional(`${name}-vulkan`) : undefined
  if (withVulkan && graphicsMemory(withVulkan) !== undefined) return withVulkan
  return load(name)
}

/** Bytes of memory of the graphics cards together, used or not; undefined without one. */
export function graphicsMemory(llama: NativeLlama): number | undefined {
  const devices = JSON.parse(llama.getBackendDevicesInfo()) as { type: string; maxMemorySize: number }[]
  const cards = devices.filter(({ type }) => type === 'gpu')
  return cards.length === 0 ? undefined : cards.reduce((sum, { maxMemorySize }) => sum + maxMemorySize, 0)
}

function optional(name: string): NativeLlama | undefined {
  try {
    const [wanted, version] = [name.replace('-vulkan', ''), name].map(versionOf)
    if (version !== wanted) throw new Error(`is of version ${version}, and ${wanted} is wanted`)
    return load(name)
  } catch (error) {
    // No Vulkan on this machine, no build of it for this platform, or one of another Hearth (packed apart).
    process.stderr.write(`${name}: ${(error as Error).message}\n`)
    return undefined
  }
}

const versionOf = (name: string): string => (requireNative(`${name}/package.json`) as { version: string }).version

function load(name: string): NativeLlama {
  return (requireNative(name) as { LlamaContext: NativeLlama }).LlamaContext
}
