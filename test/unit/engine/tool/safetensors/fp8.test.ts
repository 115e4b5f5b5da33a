import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Fields } from '../../../../../main/engine/tool/safetensors/source/fields.ts'
import { decodeFp8 } from '../../../../../main/engine/tool/safetensors/source/fp8.ts'
import { readTensors } from '../../../../../main/engine/tool/safetensors/source/safetensors-header.ts'
import { cast } from '../../../../../main/engine/tool/safetensors/tensors/element-type.ts'
import { asIs, interleaveHalves } from '../../../../../main/engine/tool/safetensors/tensors/read.ts'
import type { Tensor } from '../../../../../main/engine/tool/safetensors/tensors/tensor.ts'
import { buildSafetensors, f32, type Tensors } from './build-folder.ts'
import { eachInTemporaryFolder } from './temporary-folder.ts'

const folder = eachInTemporaryFolder()
const blocks = { quantization_config: { quant_method: 'fp8', weight_block_size: [2, 2] } }

async function decode(tensors: Tensors, config: object = blocks) {
  const path = join(folder.path, 'model.safetensors')
  writeFileSync(path, buildSafetensors(tensors))
  return decodeFp8(await readTensors('model.safetensors', path), new Fields('config.json', config))
}

async function numbers(tensor: Tensor): Promise<number[]> {
  const all: number[] = []
  for await (const chunk of tensor.chunks()) {
    const singles = cast(chunk, tensor.type, 'F32')
    all.push(...new Float32Array(singles.buffer, 0, singles.length / 4))
  }
  return all
}

// 1, 2, -1, 448 (the largest), the smallest, half, 0, -0.
const codes = { type: 'F8_E4M3', shape: [4, 2], data: Uint8Array.from([0x38, 0x40, 0xb8, 0x7e, 0x01, 0x30, 0, 0x80]) }
const scaled = { 'a.weight': codes, 'a.weight_scale_inv': f32([2, 1], [2, 0.5]), b: f32([1], [3]) }

describe('FP8', () => {
  it('is read as BF16, each block by its scale, the scales gone', async () => {
    const { tensors, fp8 } = await decode(scaled)
    expect(fp8).toEqual(['a.weight'])
    expect(tensors.map(({ name, type }) => [name, type])).toEqual([
      ['a.weight', 'BF16'],
      ['b', 'F32'],
    ])
    expect(await numbers(asIs(tensors[0]!))).toEqual([2, 4, -2, 896, 2 ** -10, 0.25, 0, -0])
  })

  // Rows are reordered after they were scaled: the scales belong to where the rows were.
  it('keeps its scales when its rows change places', async () => {
    const [a] = (await decode(scaled)).tensors
    expect(await numbers(interleaveHalves(a!, 1))).toEqual([2, 4, 2 ** -10, 0.25, -2, 896, 0, -0])
  })

  it('has its blocks in the groups of compressed-tensors too', async () => {
    const weights = { num_bits: 8, type: 'float', block_structure: [2, 2] }
    const groups = {
      quant_method: 'compressed-tensors',
      format: 'float-quantized',
      config_groups: { group_0: { weights } },
    }
    const { tensors } = await decode(scaled, { quantization_config: groups })
    expect((await numbers(asIs(tensors[0]!)))[3]).toBe(896)
  })

  it.each<[string, Tensors, object, string]>([
    ['without a size of blocks', scaled, {}, 'missing fp8 block size metadata for tensor "a.weight"'],
    ['without scales', { 'a.weight': codes }, blocks, 'missing fp8 scale companion for tensor "a.weight"'],
    [
      'with scales twice',
      { ...scaled, 'a.weight.scale': f32([2, 1], [1, 1]) },
      blocks,
      'multiple fp8 scale companions for tensor "a.weight": a.weight_scale_inv, a.weight.scale',
    ],
    [
      'with scales of another shape',
      { ...scaled, 'a.weight_scale_inv': f32([1, 1], [1]) },
      blocks,
      'the scales of tensor "a.weight" have shape [1,1], not [2,1]',
    ],
  ])('is refused %s', async (_, tensors, config, message) => {
    await expect(decode(tensors, config)).rejects.toMatchObject({ name: 'Problem', message })
  })
})
