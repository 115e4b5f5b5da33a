import type { KoffiFunc, LibraryHandle, TypeObject } from 'koffi'

/** An address, which koffi gives as a bigint. */
export type Pointer = bigint

/**
 * A C function of a library. The type parameter says what JavaScript gives and gets; the names of C types, in the order
 * of the header, say how koffi passes it. Calling it takes less than a tenth of a microsecond.
 */
export function declare<T extends (...args: never[]) => unknown>(
  library: LibraryHandle,
  name: string,
  result: string | TypeObject,
  ...args: (string | TypeObject)[]
): KoffiFunc<T> {
  return library.func(name, result, args) as unknown as KoffiFunc<T>
}

/** Calls without holding up this thread: koffi has threads of its own, apart from libuv's. */
export function inThread<A extends unknown[], R>(call: KoffiFunc<(...args: A) => R>, ...args: A): Promise<R> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null, result: R) => (error ? reject(error) : resolve(result)))
  })
}

/** Memory that stays where it is, so that C may keep its address: V8 moves small typed arrays made otherwise. */
export function ownMemory(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(bytes))
}
