import { join } from 'node:path'
import { readHeader } from '../../../main/gguf/header.ts'
import { buildGguf, type Field } from '../../unit/gguf/build-gguf.ts'
import { fixture, fixtures } from './ollama-folder.ts'

/** What a shard says of itself and of all tensors together, as llama-gguf-split writes it. */
export const splitFields = (no: number, count: number, tensors: number): Field[] => [
  ['split.no', 2, no],
  ['split.count', 2, count],
  ['split.tensors.count', 5, tensors],
]

/** A fixture model cut into shards as llama-gguf-split does, the first one with the metadata. */
export async function splitFixture(name: string, count: number): Promise<Buffer[]> {
  const whole = fixture(name)
  const { entries, tensors, dataOffset } = await readHeader(join(fixtures, name))
  const values = [...entries.values()]
  const metadata = whole.subarray(values[0]!.start, values.at(-1)!.end)
  return Array.from({ length: count }, (_, no) => {
    const mine = tensors.filter((_, i) => Math.floor((i * count) / tensors.length) === no)
    let offset = 0
    const placed = mine.map(tensor => {
      const at = offset
      offset += Math.ceil(tensor.bytes! / 32) * 32
      return { ...tensor, offset: at }
    })
    const data = mine.map(({ offset: at, bytes }) =>
      Buffer.concat([whole.subarray(dataOffset + at, dataOffset + at + bytes!), Buffer.alloc(-bytes! & 31)]),
    )
    return buildGguf({
      fields: splitFields(no, count, tensors.length),
      tensors: placed,
      ...(no === 0 && { raw: { bytes: metadata, count: values.length } }),
      data: Buffer.concat(data),
    })
  })
}
