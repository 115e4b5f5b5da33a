import koffi, { type LibraryHandle } from 'koffi'
import { declare, type Pointer } from './declare.ts'

/** The C library, by the name its system knows it by. */
const cLibrary = { linux: 'libc.so.6', darwin: '/usr/lib/libSystem.B.dylib', win32: 'ucrtbase.dll' }

/**
 * A byte by which one thread has llama.cpp give up the batch that another computes. llama.cpp calls a function between
 * any two steps of a batch, with an address, to ask whether to stop (`ggml_abort_callback`). The C library's `strlen`
 * is such a function: it answers 0 for the empty text, which a byte of zero is, and else 1. So no JavaScript runs
 * there. GPUs but Apple's do not ask; their batches are short.
 */
export class AbortFlag {
  readonly #byte: Uint8Array

  /** @param memory `abortFlagBytes` of them, shared between threads, the last one never written to */
  constructor(memory: SharedArrayBuffer, at = 0) {
    this.#byte = new Uint8Array(memory, at, abortFlagBytes)
  }

  raise(): void {
    Atomics.store(this.#byte, 0, 1)
  }

  lower(): void {
    Atomics.store(this.#byte, 0, 0)
  }

  /** Has a context ask this flag, from now on. */
  attach(llama: LibraryHandle, context: Pointer): void {
    attached.add(this)
    const library = koffi.load(cLibrary[process.platform as keyof typeof cLibrary])
    const set = declare<(context: Pointer, ask: bigint, flag: bigint) => void>(
      llama,
      'llama_set_abort_callback',
      'void',
      'void *',
      'void *',
      'void *',
    )
    set(context, koffi.address(library.symbol('strlen')), koffi.address(this.#byte))
  }
}

/** Contexts live as long as their process: what they read must not be collected. */
const attached = new Set<AbortFlag>()

/** The flag, and the zero that ends it as a text. */
export const abortFlagBytes = 2
