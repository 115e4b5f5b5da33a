import { basename, dirname } from 'node:path/posix'
import { architectureOf, natural, text } from '../gguf/metadata.ts'
import type { GgufHeader } from '../gguf/types.ts'
import { goQuote } from '../go/text.ts'
import { badRequest } from './create-request.ts'
import { kindOf } from './gguf/facts.ts'
import type { GgufKind } from './model.ts'

/** A GGUF file a create request names. */
export interface UploadedGguf {
  /** Relative path the client gave it. */
  readonly name: string
  readonly digest: string
  readonly path: string
  readonly header: GgufHeader
}

/** One file, or the shards of one in their order. */
export interface GgufGroup {
  /** The first shard's name where there are several. */
  readonly name: string
  readonly kind: GgufKind
  readonly parts: readonly [UploadedGguf, ...UploadedGguf[]]
}

const shardName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i
const maxShards = 1024

/**
 * Puts the shards of split files together (upstream server/create.go, create_split_gguf.go). A shard is known by its
 * metadata; its name must agree.
 * @throws Problem 400 saying which shard is wrong or missing
 */
export function groupShards(files: readonly UploadedGguf[]): GgufGroup[] {
  const groups = new Map<string, UploadedGguf[]>()
  for (const file of files) {
    const key = shardKey(file) ?? `whole ${file.name}`
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  return [...groups.values()].map(group => {
    const parts = shardCount(group[0]!) > 1 ? inOrder(group) : group
    const [first] = parts
    // A shard without tensors says nothing of the others' purpose, but it carries the metadata.
    return { name: first!.name, kind: kindOf(first!.header), parts: parts as [UploadedGguf, ...UploadedGguf[]] }
  })
}

function shardCount(file: UploadedGguf): number {
  return natural(file.header, 'split.count') ?? 0
}

function shardKey(file: UploadedGguf): string | undefined {
  const count = shardCount(file)
  if (count <= 1) return undefined
  const shown = `split GGUF ${goQuote(file.name)}`
  if (count > maxShards) throw badRequest(`${shown} has too many shards: ${count}`)
  const match = shardName.exec(basename(file.name))
  if (!match || Number(match[2]) === 0) throw badRequest(`${shown} must use llama.cpp split filename pattern`)
  const index = Number(match[2]) - 1
  if (Number(match[3]) !== count) {
    throw badRequest(`${shown} filename count ${Number(match[3])} does not match metadata count ${count}`)
  }
  if (index >= count) throw badRequest(`${shown} filename index ${index} exceeds metadata count ${count}`)
  const number = natural(file.header, 'split.no')
  if (number === undefined) throw badRequest(`${shown} is missing split.no metadata`)
  if (number !== index) throw badRequest(`${shown} filename index ${index} does not match metadata index ${number}`)
  return `split ${dirname(file.name)} ${match[1]} ${count}`
}

function inOrder(group: readonly UploadedGguf[]): readonly UploadedGguf[] {
  const sorted = [...group].sort((a, b) => natural(a.header, 'split.no')! - natural(b.header, 'split.no')!)
  const [first] = sorted
  const shown = `split GGUF ${goQuote(first!.name)}`
  const count = shardCount(first!)
  for (const [i, shard] of sorted.entries()) {
    if (i > 0 && natural(shard.header, 'split.no') === natural(sorted[i - 1]!.header, 'split.no')) {
      throw badRequest(`split GGUF ${goQuote(shard.name)} duplicate shard index ${natural(shard.header, 'split.no')}`)
    }
  }
  if (sorted.length !== count) throw badRequest(`${shown} has ${sorted.length} shards, expected ${count}`)

  const names = new Set<string>()
  const architecture = architectureOf(first!.header)
  for (const shard of sorted) {
    const other = architectureOf(shard.header)
    // Only the first shard need carry the model's metadata.
    if (other !== 'unknown' && other !== architecture) {
      throw badRequest(`split GGUF ${goQuote(shard.name)} architecture does not match ${goQuote(first!.name)}`)
    }
    for (const { name } of shard.header.tensors) {
      if (names.has(name)) {
        throw badRequest(`split GGUF ${goQuote(shard.name)} contains duplicate tensor ${goQuote(name)}`)
      }
      names.add(name)
    }
  }
  const expected = natural(first!.header, 'split.tensors.count')
  if (expected !== undefined && expected !== names.size) {
    throw badRequest(`${shown} has ${names.size} tensors, expected ${expected}`)
  }
  return sorted
}

/** Metadata that only says how a file was split. */
export function isSplitKey(key: string): boolean {
  return /(^|\.)split\.(no|count|tensors\.count)$/.test(key)
}

/** A projector made before projectors had types; upstream takes it for LLaVA's two-layer one. */
export function lacksProjectorType(header: GgufHeader): boolean {
  if (architectureOf(header) !== 'clip' || kindOf(header) !== 'projector') return false
  return ['clip.projector_type', 'clip.vision.projector_type', 'clip.audio.projector_type'].every(
    key => text(header, key) === undefined,
  )
}
