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
 * The threads a context computes with: a pool for each number that was asked for, as a thread of a pool without work
 * would spin. They last: without a pool ggml makes them anew for each batch, which takes longer than a small model's
 * token (measured on the tiny chat model with two threads: 307 and 245 microseconds a token). Those not in use sleep.
 */
export class ThreadPools {
  readonly #native: ReturnType<typeof declared>
  readonly #context: Pointer
  readonly #pools = new Map<number, Pointer>()
  #threads: number | undefined

  constructor(libraries: Libraries, context: Pointer) {
    this.#native = declared(libraries)
    this.#context = context
  }

  /**
   * Sets how many threads compute the next batch.
   * @throws Error when llama.cpp's structure is another one than the one this is written for
   */
  use(threads: number): void {
    if (threads === this.#threads) return
    this.#threads = threads
    if (threads > 1) {
      const pool = this.#pools.get(threads) ?? this.#newPool(threads)
      this.#pools.set(threads, pool)
      this.#native.attach(this.#context, pool, pool)
    } else this.#native.detach(this.#context)
    this.#native.setThreads(this.#context, threads, threads)
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
  const found = address(backend, 'ggml_threadpool_new')
  if (found === null) throw new Error('ggml has no ggml_threadpool_new')
  return {
    newPool: koffi.decode(found, koffi.proto('void *', ['void *'])) as (params: Pointer) => Pointer,
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
