import { open } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ByteReader } from './byte-reader.ts'
import { type GgufArray, type GgufScalar, GgufType, minValueBytes } from './types.ts'
import { maxStringBytes, readScalar, readString, skipStrings, takeFixed } from './values.ts'

/** Elements decoded before the event loop may turn. */
const valuesAtOnce = 4096

/**
 * Reads an array that the header located.
 * @param wanted indices to read, in any order; all when left out
 * @returns the values, by the order of `wanted`
 */
export async function readArray(path: string, array: GgufArray, wanted?: readonly number[]): Promise<GgufScalar[]> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const reader = new ByteReader(handle, size)
    reader.seek(array.position)
    return wanted ? await pick(reader, array, wanted) : await readAll(reader, array)
  } finally {
    await handle.close()
  }
}

async function readAll(reader: ByteReader, { elementType, length }: GgufArray): Promise<GgufScalar[]> {
  const values: GgufScalar[] = []
  const size = minValueBytes[elementType]!
  for (let i = 0; i < length; i++) {
    if (i % valuesAtOnce === valuesAtOnce - 1) await nextTurn()
    if (elementType === GgufType.string) values.push(await readString(reader, maxStringBytes, 'a string'))
    else {
      if (!reader.has(size)) await reader.need(size)
      values.push(takeFixed(reader, elementType))
    }
  }
  return values
}

async function pick(reader: ByteReader, array: GgufArray, wanted: readonly number[]): Promise<GgufScalar[]> {
  const values = new Map<number, GgufScalar>()
  let at = 0
  for (const index of [...new Set(wanted)].sort((a, b) => a - b)) {
    if (array.elementType === GgufType.string) await skipStrings(reader, index - at)
    else reader.skip((index - at) * minValueBytes[array.elementType]!)
    values.set(index, await readScalar(reader, array.elementType, 'an array'))
    at = index + 1
  }
  return wanted.map(index => values.get(index)!)
}
