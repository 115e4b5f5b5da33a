import { ownMemory } from './declare.ts'

/** llama.h, struct llama_model_kv_override: a tag, the key in 128 bytes, and from the next eighth byte on the value. */
const [keyAt, valueAt, textBytes, size] = [4, 136, 128, 264]
/** LLAMA_KV_OVERRIDE_TYPE_STR */
const isText = 3

/** llama.cpp reads them in a thread of its own, and V8 does not know that it does; there is one for each model. */
const kept: Uint8Array[] = []

/** A list of one text that takes the place of what a file says; llama.cpp reads to the first without a key. */
export function metadataOverride(key: string, text: string): Uint8Array {
  const list = ownMemory(2 * size)
  new DataView(list.buffer).setInt32(0, isText, true)
  const write = (at: number, value: string) => list.set(Buffer.from(value).subarray(0, textBytes - 1), at)
  write(keyAt, key)
  write(valueAt, text)
  kept.push(list)
  return list
}
