import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTensors } from '../../../../../main/engine/tool/safetensors/source/safetensors-header.ts'
import { readAll } from '../../../../../main/engine/tool/safetensors/source/storage.ts'
import { buildSafetensors, type Entry, f32 } from './build-folder.ts'
import { eachInTemporaryFolder } from './temporary-folder.ts'

const folder = eachInTemporaryFolder()
const tensors = { a: f32([2, 2], [1, 2, 3, 4]), b: f32([], [5]), c: f32([0, 3], []) }

const read = (bytes: Uint8Array) => {
  const path = join(folder.path, 'model.safetensors')
  writeFileSync(path, bytes)
  return readTensors('model.safetensors', path)
}

describe('the header of a safetensors file', () => {
  it('says what tensors there are, and where', async () => {
    const [a, b, c] = await read(buildSafetensors(tensors))
    expect(a).toMatchObject({ name: 'a', type: 'F32', shape: [2, 2] })
    expect([...new Float32Array((await readAll(a!.storage)).buffer)]).toEqual([1, 2, 3, 4])
    // A number alone has one dimension in GGUF.
    expect(b).toMatchObject({ name: 'b', shape: [1] })
    expect([...new Float32Array((await readAll(b!.storage)).buffer)]).toEqual([5])
    expect(c).toMatchObject({ shape: [0, 3], storage: { bytes: 0 } })
  })

  const lie = (change: (entry: Entry) => void, name = 'a') =>
    buildSafetensors(tensors, entries => {
      change(entries[name]!)
      return entries
    })
  const claiming = (length: bigint) => {
    const bytes = buildSafetensors(tensors)
    bytes.writeBigUInt64LE(length)
    return bytes
  }

  it.each<[string, Uint8Array, string]>([
    ['an empty file', Buffer.alloc(0), 'the file is cut off inside its header'],
    ['a length alone, of nothing', Buffer.alloc(8), 'its header is not JSON'],
    ['a file cut in its header', buildSafetensors(tensors).subarray(0, 100), 'the file is cut off inside its header'],
    ['a file cut in its data', buildSafetensors(tensors).subarray(0, -1), 'the data of tensor "b" lies beyond the end'],
    ['a length of 2^63', claiming(2n ** 63n), 'more than is sensible'],
    ['a length just beyond the file', claiming(10_000n), 'the file is cut off inside its header'],
    ['a length beyond the limit', claiming(100_000_001n), 'more than is sensible'],
    ['a length too short', claiming(20n), 'its header is not JSON'],
    ['a list', buildSafetensors(tensors, () => [1]), 'it holds no object'],
    ['a tensor that is a number', buildSafetensors(tensors, () => ({ a: 1 })), 'is not described by an object'],
    ['a tensor without type', lie(entry => Reflect.deleteProperty(entry, 'dtype')), 'has no type'],
    ['a negative length', lie(entry => Object.assign(entry, { shape: [-2, -2] })), 'has an impossible shape'],
    ['half a length', lie(entry => Object.assign(entry, { shape: [0.5, 8] })), 'has an impossible shape'],
    [
      'a shape beyond all numbers',
      lie(entry => Object.assign(entry, { shape: [2 ** 40, 2 ** 40] })),
      'has an impossible shape',
    ],
    ['offsets the wrong way round', lie(entry => entry.data_offsets.reverse()), 'has -16 bytes, which is not'],
    ['more bytes than elements', lie(entry => Object.assign(entry, { shape: [2] })), 'has 16 bytes, which is not'],
    ['three offsets', lie(entry => entry.data_offsets.push(3)), 'has impossible offsets'],
    ['negative offsets', lie(entry => Object.assign(entry, { data_offsets: [-16, 0] })), 'has impossible offsets'],
    [
      'an offset beyond the file',
      lie(entry => Object.assign(entry, { data_offsets: [1e9, 1e9 + 16] })),
      'lies beyond the end',
    ],
    ['two tensors in one place', lie(entry => Object.assign(entry, { data_offsets: [0, 4] }), 'b'), 'overlaps'],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'broken-model-file',
      message: expect.stringMatching(/^model\.safetensors|^parse model\.safetensors/),
    })
    await expect(read(bytes)).rejects.toThrow(message)
  })
})
