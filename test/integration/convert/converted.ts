import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { convertSafetensors } from '../../../main/engine/tool/safetensors/convert.ts'
import type { Converted } from '../../../main/engine/tool-engine.ts'
import { readArray } from '../../../main/gguf/arrays.ts'
import { readHeader } from '../../../main/gguf/header.ts'
import { type GgufHeader, type GgufScalar, isArray } from '../../../main/gguf/types.ts'
import { type Content, writeFolder } from '../../unit/engine/tool/safetensors/build-folder.ts'

/** A GGUF file opened for a look at all there is in it. */
export class Gguf {
  private constructor(
    readonly path: string,
    readonly header: GgufHeader,
  ) {}

  static async open(path: string): Promise<Gguf> {
    return new Gguf(path, await readHeader(path))
  }

  get tensorNames(): string[] {
    return this.header.tensors.map(({ name }) => name).sort()
  }

  /** Type, shape and bytes of a tensor. */
  tensor(name: string) {
    const found = this.header.tensors.find(tensor => tensor.name === name)
    if (!found) throw new Error(`no tensor ${name}`)
    const start = this.header.dataOffset + found.offset
    return { type: found.type, shape: found.shape, data: readFileSync(this.path).subarray(start, start + found.bytes!) }
  }

  /** A tensor's elements, which must be F32 or F16. */
  numbers(name: string): number[] {
    const { type, data } = this.tensor(name)
    if (type === 0) return Array.from({ length: data.length / 4 }, (_, i) => data.readFloatLE(4 * i))
    if (type === 1) return Array.from({ length: data.length / 2 }, (_, i) => half(data.readUInt16LE(2 * i)))
    throw new Error(`${name} has type ${type}`)
  }

  /** All metadata, arrays included. */
  async metadata(): Promise<Record<string, GgufScalar | GgufScalar[]>> {
    const values: Record<string, GgufScalar | GgufScalar[]> = {}
    for (const [key, { value }] of this.header.entries) {
      values[key] = isArray(value) ? await readArray(this.path, value) : value
    }
    return values
  }
}

/** An F16 by the definition. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  return (bits >> 15 ? -1 : 1) * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24)
}

/** A folder for a file's tests, gone when they are done; `convert` makes a GGUF in it. */
export function convertingFolder() {
  const folder = { path: '' }
  let made = 0
  beforeAll(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'hearth-convert-'))
  })
  afterAll(() => rmSync(folder.path, { recursive: true, force: true }))
  return {
    folder,
    async convert(content: Content, base?: string): Promise<{ gguf: Gguf; converted: Converted }> {
      const place = join(folder.path, String(made++))
      const files = writeFolder(place, content)
      const output = join(place, 'converted.gguf')
      const converted = await convertSafetensors({ files, output, ...(base && { base }) })
      return { converted, gguf: await Gguf.open(output) }
    },
  }
}
