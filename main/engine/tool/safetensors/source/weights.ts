import type { SourceTensor } from '../tensors/tensor.ts'
import { unusable } from '../unusable.ts'
import type { ModelFolder } from './model-folder.ts'
import { readTensors } from './safetensors-header.ts'

const indexFile = 'model.safetensors.index.json'
const shard = /^(.*)-\d{5}-of-(\d{5})\.safetensors$/

/** All tensors of a folder's weights, whatever files they are spread over. */
export async function readWeights(folder: ModelFolder): Promise<SourceTensor[]> {
  const tensors: SourceTensor[] = []
  for (const name of await weightFiles(folder)) tensors.push(...(await readTensors(name, folder.path(name))))
  return tensors
}

/**
 * The files with weights: those the index names, or the set whose names begin like a model's or an adapter's. A folder
 * may hold the same weights a second time in another form (Mistral's `consolidated.safetensors`).
 * @throws Problem `unknown tensor format` where there are none; naming the file where one is missing
 */
async function weightFiles(folder: ModelFolder): Promise<string[]> {
  if (folder.has(indexFile)) {
    const map = (await folder.fields(indexFile)).section('weight_map')
    const files = [...new Set(map.entries().map(([tensor]) => map.text(tensor) ?? ''))].sort()
    // A name is looked up among the folder's files and means nothing else, whatever path it spells.
    for (const name of files) if (!folder.has(name)) throw unusable(`${indexFile} names ${name}, which is missing`)
    if (files.length > 0) return files
  }
  const all = folder.names.filter(name => name.endsWith('.safetensors') && !name.includes('/'))
  const preferred = all.filter(name => /^(adapter_)?model/.test(name))
  const files = preferred.length > 0 ? preferred : all
  if (files.length === 0) throw unusable('unknown tensor format')
  for (const name of files) {
    const [, stem, count] = shard.exec(name) ?? []
    const shards = files.filter(other => shard.exec(other)?.[1] === stem).length
    if (count !== undefined && shards !== Number(count)) {
      throw unusable(`${name} is one of ${Number(count)} files, of which ${shards} are there`)
    }
  }
  return files
}
