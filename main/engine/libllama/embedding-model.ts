import koffi, { type KoffiFunc, type LibraryHandle, type TypeObject } from 'koffi'
import { Batch, batchType, type Piece } from './batch.ts'
import { type Gpu, loadLibraries } from './libraries.ts'
import { contextParams, defaultParams, modelParams, progressCallback } from './params.ts'

/** llama.h, enum llama_pooling_type */
const pooling = { none: 0, rank: 4 } as const

export interface EmbeddingModelOptions {
  readonly gpu: Gpu
  readonly modelPath: string
  readonly adapterPaths: readonly string[]
  readonly gpuLayers: number
  /** Undefined leaves it to llama.cpp, as below. */
  readonly useMmap: boolean | undefined
  /** Tokens that all sequences of a batch have together. */
  readonly contextSize: number
  /** Most tokens and most sequences of a batch. */
  readonly batchSize: number
  readonly sequences: number
  readonly threads: number
  readonly flashAttention: boolean | undefined
  /** Number of the ggml type. */
  readonly kvCacheType: number
  /** @param fraction 0..1 of the weights read */
  readonly onProgress: (fraction: number) => void
}

/** An address, which koffi gives as a bigint. */
type Pointer = bigint | null

/**
 * A model and a context for vectors, made through libllama itself: node-llama-cpp's addon gives out the vector of one
 * sequence alone, so there each text is a batch of its own. Lives as long as its process.
 */
export class EmbeddingModel {
  /** Tokens, as llama.cpp rounded them. */
  readonly contextSize: number
  readonly batchSize: number
  /** Numbers of a token's embedding inside the model. */
  readonly width: number
  readonly trainedContextSize: number
  readonly #native: Native
  readonly #context: Pointer
  readonly #batch: Batch
  readonly #isPooled: boolean
  readonly #vectorType: TypeObject
  #threads: number

  private constructor(llama: LibraryHandle, native: Native, model: Pointer, context: Pointer, threads: number) {
    this.#native = native
    this.#context = context
    this.#threads = threads
    this.contextSize = native.contextSize(context)
    this.batchSize = native.batchSize(context)
    this.width = native.width(model)
    this.trainedContextSize = native.trainedContextSize(model)
    this.#batch = new Batch(llama, this.batchSize)
    const kind = native.poolingType(context)
    this.#isPooled = kind !== pooling.none
    const length = kind === pooling.rank ? native.rankWidth(model) : native.vectorWidth(model)
    this.#vectorType = koffi.array('float', length, 'Typed')
  }

  /** @throws Error in node-llama-cpp's words when the model, an adapter or the context cannot be made */
  static async open(options: EmbeddingModelOptions): Promise<EmbeddingModel> {
    const { llama } = await loadLibraries(options.gpu)
    const native = nativeCalls(llama)
    const model = await openModel(llama, native, options)
    const context = await openContext(llama, native, model, options)
    await addAdapters(native, model, context, options.adapterPaths)
    return new EmbeddingModel(llama, native, model, context, options.threads)
  }

  setThreads(threads: number): void {
    if (threads === this.#threads) return
    this.#native.setThreads(this.#context, threads, threads)
    this.#threads = threads
  }

  /** Forgets all sequences. */
  clear(): void {
    this.#native.clear(this.#native.memory(this.#context), false)
  }

  /**
   * Computes one batch, a piece a sequence, in a thread of its own.
   * @returns the vector of each piece's text so far: as the model pools it, or of its last token
   */
  async vectors(pieces: readonly Piece[]): Promise<Float32Array[]> {
    const code = await inThread(this.#native.decode, this.#context, this.#batch.filled(pieces))
    if (code !== 0) throw new Error(`llama_decode failed with ${code}`)
    let end = 0
    return pieces.map(({ tokens }, sequence) => {
      end += tokens.length
      const address = this.#isPooled
        ? this.#native.ofSequence(this.#context, sequence)
        : this.#native.ofToken(this.#context, end - 1)
      if (!address) throw new Error('llama.cpp made no vector')
      return koffi.decode(address, this.#vectorType) as Float32Array
    })
  }
}

type Native = ReturnType<typeof nativeCalls>

function nativeCalls(llama: LibraryHandle) {
  const call = <T extends (...args: never[]) => unknown>(
    name: string,
    result: string,
    ...args: (string | TypeObject)[]
  ) => llama.func(name, result, args) as unknown as KoffiFunc<T>
  type Ask = (of: Pointer) => number
  return {
    loadModel: call<(path: string, params: object) => Pointer>(
      'llama_model_load_from_file',
      'void *',
      'const char *',
      modelParams,
    ),
    newContext: call<(model: Pointer, params: object) => Pointer>(
      'llama_init_from_model',
      'void *',
      'void *',
      contextParams,
    ),
    loadAdapter: call<(model: Pointer, path: string) => Pointer>(
      'llama_adapter_lora_init',
      'void *',
      'void *',
      'const char *',
    ),
    setAdapters: call<(context: Pointer, adapters: Pointer[], count: number, scales: Float32Array) => number>(
      'llama_set_adapters_lora',
      'int32',
      'void *',
      'void **',
      'size_t',
      'float *',
    ),
    setThreads: call<(context: Pointer, one: number, batch: number) => void>(
      'llama_set_n_threads',
      'void',
      'void *',
      'int32',
      'int32',
    ),
    decode: call<(context: Pointer, batch: object) => number>('llama_decode', 'int32', 'void *', batchType),
    ofSequence: call<(context: Pointer, sequence: number) => Pointer>(
      'llama_get_embeddings_seq',
      'void *',
      'void *',
      'int32',
    ),
    ofToken: call<(context: Pointer, token: number) => Pointer>(
      'llama_get_embeddings_ith',
      'void *',
      'void *',
      'int32',
    ),
    memory: call<(context: Pointer) => Pointer>('llama_get_memory', 'void *', 'void *'),
    clear: call<(memory: Pointer, data: boolean) => void>('llama_memory_clear', 'void', 'void *', 'bool'),
    contextSize: call<Ask>('llama_n_ctx', 'uint32', 'void *'),
    batchSize: call<Ask>('llama_n_batch', 'uint32', 'void *'),
    poolingType: call<Ask>('llama_pooling_type', 'int32', 'void *'),
    width: call<Ask>('llama_model_n_embd', 'int32', 'void *'),
    vectorWidth: call<Ask>('llama_model_n_embd_out', 'int32', 'void *'),
    rankWidth: call<Ask>('llama_model_n_cls_out', 'uint32', 'void *'),
    trainedContextSize: call<Ask>('llama_model_n_ctx_train', 'int32', 'void *'),
  }
}

/** Calls without holding up this thread: koffi has threads of its own, apart from libuv's single one. */
function inThread<A extends unknown[], R>(call: KoffiFunc<(...args: A) => R>, ...args: A): Promise<R> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null, result: R) => (error ? reject(error) : resolve(result)))
  })
}

/** llama.h, enum llama_load_mode and enum llama_flash_attn_type: -1 leaves it to llama.cpp. */
const choice = (wanted: boolean | undefined): number => (wanted === undefined ? -1 : Number(wanted))

async function openModel(llama: LibraryHandle, native: Native, options: EmbeddingModelOptions): Promise<Pointer> {
  const onProgress = koffi.register((fraction: number) => {
    options.onProgress(fraction)
    return true
  }, progressCallback)
  const model = await inThread(native.loadModel, options.modelPath, {
    ...defaultParams(llama).model,
    n_gpu_layers: options.gpuLayers,
    load_mode: choice(options.useMmap),
    lazy_mode: 0,
    progress_callback: onProgress,
  })
  koffi.unregister(onProgress)
  if (!model) throw new Error('Failed to load model')
  return model
}

async function openContext(
  llama: LibraryHandle,
  native: Native,
  model: Pointer,
  options: EmbeddingModelOptions,
): Promise<Pointer> {
  const context = await inThread(native.newContext, model, {
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
    embeddings: true,
    swa_full: false,
    // One memory for all sequences, so that a single long text may have all of it.
    kv_unified: true,
  })
  if (!context) throw new Error('Failed to create context')
  return context
}

async function addAdapters(native: Native, model: Pointer, context: Pointer, paths: readonly string[]): Promise<void> {
  const adapters: Pointer[] = []
  for (const path of paths) {
    const adapter = await inThread(native.loadAdapter, model, path)
    if (!adapter) throw new Error(`Failed to initialize LoRA adapter "${path}"`)
    adapters.push(adapter)
  }
  if (adapters.length === 0) return
  const scales = new Float32Array(adapters.length).fill(1)
  if (native.setAdapters(context, adapters, adapters.length, scales) !== 0) {
    throw new Error('Failed to set LoRA adapter')
  }
}
