import koffi from 'koffi'
import { checkLayout } from './check-layout.ts'
import { declare, ownMemory, type Pointer } from './declare.ts'
import type { Libraries } from './libraries.ts'

/** ggml_threadpool_params of ggml.h. */
const poolParams = koffi.struct({
  cpumask: koffi.array('bool', 512),
  n_threads: 'int32',
  prio: 'int32',
  poll: 'uint32',
  strict_cpu: 'bool',
  paused: 'bool',
})

/** ggml-backend.h, GGML_BACKEND_DEVICE_TYPE_CPU */
const cpuDevice = 0

/**
 * How long a thread looks out for the next batch before it sleeps: ggml's least, two or three milliseconds. Between two
 * tokens of a small model less than a tenth of one passes, and waking a thread takes as long. ggml's own choice, fifty
 * times that, would keep all cores busy for a tenth of a second after every answer.
 */
const poll = 1

/**
 * The threads a context computes with. They last: without a pool ggml makes them anew for each batch, which takes longer
 * than a small model's token (measured on the tiny chat model with two threads: 307 and 245 microseconds a token).
 */
export class ThreadPool {
  readonly #native: ReturnType<typeof declared>
  readonly #context: Pointer
  #threads: number | undefined
  #pool: Pointer | null = null
  /** The one before; the context lets go of it with the next batch. */
  #retired: Pointer | null = null

  constructor(libraries: Libraries, context: Pointer) {
    this.#native = declared(libraries)
    this.#context = context
  }

  /**
   * Sets how many threads compute the next batch. A pool has exactly as many: a thread of it without work would spin.
   * @throws Error when llama.cpp's structure is another one than the one this is written for
   */
  use(threads: number): void {
    if (threads === this.#threads || this.#retired) return
    this.#threads = threads
    this.#retired = this.#pool
    this.#pool = threads > 1 ? this.#newPool(threads) : null
    if (this.#pool) this.#native.attach(this.#context, this.#pool, this.#pool)
    else this.#native.detach(this.#context)
    this.#native.setThreads(this.#context, threads, threads)
  }

  /** To be called after a batch that was computed. */
  computed(): void {
    if (this.#retired) this.#native.freePool(this.#retired)
    this.#retired = null
  }

  #newPool(threads: number): Pointer {
    const params = this.#native.params(threads) as Record<string, unknown>
    const expected = { n_threads: threads, prio: 0, poll: 50, strict_cpu: false, paused: false }
    checkLayout('parameters of thread pools', params, expected)
    const memory = ownMemory(koffi.sizeof(poolParams))
    koffi.encode(memory, poolParams, { ...params, poll })
    return this.#native.newPool(koffi.address(memory))
  }
}

function declared({ base, ggml, llama }: Libraries) {
  const device = declare<(type: number) => Pointer>(ggml, 'ggml_backend_dev_by_type', 'void *', 'int32')(cpuDevice)
  const backend = declare<(device: Pointer) => Pointer>(
    base,
    'ggml_backend_dev_backend_reg',
    'void *',
    'void *',
  )(device)
  const address = declare<(backend: Pointer, name: string) => Pointer | null>(
    base,
    'ggml_backend_reg_get_proc_address',
    'void *',
    'void *',
    'const char *',
  )
  // The kernels for this processor are a library of their own, which only ggml knows by name.
  const cpuFunction = (name: string, result: string) => {
    const found = address(backend, name)
    if (found === null) throw new Error(`ggml has no ${name}`)
    return koffi.decode(found, koffi.proto(result, ['void *'])) as (argument: Pointer) => Pointer
  }
  return {
    newPool: cpuFunction('ggml_threadpool_new', 'void *'),
    freePool: cpuFunction('ggml_threadpool_free', 'void'),
    params: declare<(threads: number) => object>(base, 'ggml_threadpool_params_default', poolParams, 'int32'),
    attach: declare<(context: Pointer, pool: Pointer, batchPool: Pointer) => void>(
      llama,
      'llama_attach_threadpool',
      'void',
      'void *',
      'void *',
      'void *',
    ),
    detach: declare<(context: Pointer) => void>(llama, 'llama_detach_threadpool', 'void', 'void *'),
    setThreads: declare<(context: Pointer, one: number, batch: number) => void>(
      llama,
      'llama_set_n_threads',
      'void',
      'void *',
      'int32',
      'int32',
    ),
  }
}
