import koffi from 'koffi'
import { declare, inThread, type Pointer } from './declare.ts'
import type { Libraries } from './libraries.ts'
import { metadataOverride } from './metadata-override.ts'
import { contextParams, defaultParams, modelParams, progressCallback } from './params.ts'

export interface ModelOptions {
  readonly modelPath: string
  readonly gpuLayers: number
  /** Undefined leaves it to llama.cpp. */
  readonly useMmap: boolean | undefined
  /** Takes the place of what the file says in `tokenizer.ggml.pre`. */
  readonly preTokenizer?: string
  /** @param fraction 0..1 of the weights read */
  readonly onProgress: (fraction: number) => void
}

/** How a context is made; sizes are tokens of all its sequences together. */
export interface ContextOptions {
  readonly contextSize: number
  readonly batchSize: number
  readonly sequences: number
  readonly threads: number
  /** Undefined leaves it to llama.cpp. */
  readonly flashAttention: boolean | undefined
  /** Number of the ggml type. */
  readonly kvCacheType: number
  /** For vectors: all sequences share one memory, so that a single long text may have all of it. */
  readonly embeddings: boolean
  readonly adapterPaths: readonly string[]
}

/** llama.h, enum llama_load_mode and enum llama_flash_attn_type: -1 leaves it to llama.cpp. */
const choice = (wanted: boolean | undefined): number => (wanted === undefined ? -1 : Number(wanted))

/**
 * Reads a model's weights. It lives as long as its process.
 * @throws Error in node-llama-cpp's words
 */
export async function openModel({ llama }: Libraries, options: ModelOptions): Promise<Pointer> {
  const load = declare<(path: string, params: object) => Pointer | null>(
    llama,
    'llama_model_load_from_file',
    'void *',
    'const char *',
    modelParams,
  )
  const { preTokenizer } = options
  const overrides = preTokenizer === undefined ? null : metadataOverride('tokenizer.ggml.pre', preTokenizer)
  const onProgress = koffi.register((fraction: number) => {
    options.onProgress(fraction)
    return true
  }, progressCallback)
  const model = await inThread(load, options.modelPath, {
    ...defaultParams(llama).model,
    n_gpu_layers: options.gpuLayers,
    load_mode: choice(options.useMmap),
    lazy_mode: 0,
    progress_callback: onProgress,
    kv_overrides: overrides,
  })
  koffi.unregister(onProgress)
  if (model === null) throw new Error('Failed to load model')
  return model
}

/**
 * Makes a context of a model, with its adapters. It lives as long as its process.
 * @throws Error in node-llama-cpp's words
 */
export async function openContext(libraries: Libraries, model: Pointer, options: ContextOptions): Promise<Pointer> {
  const { llama } = libraries
  const init = declare<(model: Pointer, params: object) => Pointer | null>(
    llama,
    'llama_init_from_model',
    'void *',
    'void *',
    contextParams,
  )
  const context = await inThread(init, model, {
    ...defaultParams(llama).context,
    n_ctx: options.contextSize,
    n_batch: options.batchSize,
    n_ubatch: options.batchSize,
    n_seq_max: options.sequences,
    n_threads: options.threads,
    n_threads_batch: options.threads,
    flash_attn_type: choice(options.flashAttention),
    type_k: options.kvCacheType,
    type_v: options.kvCacheType,
    embeddings: options.embeddings,
    swa_full: false,
    kv_unified: options.embeddings,
  })
  if (context === null) throw new Error('Failed to create context')
  await addAdapters(libraries, model, context, options.adapterPaths)
  return context
}

async function addAdapters({ llama }: Libraries, model: Pointer, context: Pointer, paths: readonly string[]) {
  const load = declare<(model: Pointer, path: string) => Pointer | null>(
    llama,
    'llama_adapter_lora_init',
    'void *',
    'void *',
    'const char *',
  )
  const set = declare<(context: Pointer, adapters: Pointer[], count: number, scales: Float32Array) => number>(
    llama,
    'llama_set_adapters_lora',
    'int32',
    'void *',
    'void **',
    'size_t',
    'float *',
  )
  const adapters: Pointer[] = []
  for (const path of paths) {
    const adapter = await inThread(load, model, path)
    if (adapter === null) throw new Error(`Failed to initialize LoRA adapter "${path}"`)
    adapters.push(adapter)
  }
  if (adapters.length === 0) return
  const scales = new Float32Array(adapters.length).fill(1)
  if (set(context, adapters, adapters.length, scales) !== 0) throw new Error('Failed to set LoRA adapter')
}

/** What a loaded model says of itself. */
export function modelFacts({ llama }: Libraries, model: Pointer) {
  const ask = (name: string) => declare<(model: Pointer) => number>(llama, name, 'int32', 'void *')(model)
  return {
    trainedContextSize: ask('llama_model_n_ctx_train'),
    /** Numbers of a token's embedding inside the model, and of one that it gives out. */
    width: ask('llama_model_n_embd'),
    vectorWidth: ask('llama_model_n_embd_out'),
    rankWidth: ask('llama_model_n_cls_out'),
  }
}
