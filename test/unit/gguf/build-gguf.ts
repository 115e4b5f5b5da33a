/** Writes GGUF bytes by hand, right or wrong, independent of the code under test. */

export type Field = readonly [key: string, type: number, value: unknown]

export interface TensorSpec {
  readonly name: string
  readonly shape: readonly (number | bigint)[]
  readonly type: number
  readonly offset: number | bigint
}

export interface GgufSpec {
  magic?: string
  version?: number
  fields?: readonly Field[]
  tensors?: readonly TensorSpec[]
  /** Counts to claim instead of the true ones. */
  fieldCount?: bigint
  tensorCount?: bigint
  alignment?: number
  /** Bytes of the data section. */
  data?: Buffer
  /** Metadata ready made, in front of `fields`. */
  raw?: { bytes: Buffer; count: number }
}

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const u64 = (value: number | bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  return bytes
}

export const ggufString = (text: string | Buffer) => Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)])

function encode(type: number, value: unknown): Buffer {
  const bytes = Buffer.alloc(8)
  switch (type) {
    case 0:
      return Buffer.from([value as number])
    case 1:
      bytes.writeInt8(value as number)
      return bytes.subarray(0, 1)
    case 2:
      bytes.writeUInt16LE(value as number)
      return bytes.subarray(0, 2)
    case 3:
      bytes.writeInt16LE(value as number)
      return bytes.subarray(0, 2)
    case 4:
      return u32(value as number)
    case 5:
      bytes.writeInt32LE(value as number)
      return bytes.subarray(0, 4)
    case 6:
      bytes.writeFloatLE(value as number)
      return bytes.subarray(0, 4)
    case 7:
      return Buffer.from([value ? 1 : 0])
    case 8:
      return ggufString(value as string | Buffer)
    case 9: {
      const [elementType, values, claimed] = value as [number, unknown[], bigint?]
      return Buffer.concat([
        u32(elementType),
        u64(claimed ?? values.length),
        ...values.map(item => encode(elementType, item)),
      ])
    }
    case 10:
      return u64(value as bigint)
    case 11:
      return u64(value as bigint)
    case 12:
      bytes.writeDoubleLE(value as number)
      return bytes
    default:
      return Buffer.from(value as Buffer)
  }
}

export function buildGguf(spec: GgufSpec): Buffer {
  const fields = spec.fields ?? []
  const tensors = spec.tensors ?? []
  const header = Buffer.concat([
    Buffer.from(spec.magic ?? 'GGUF'),
    u32(spec.version ?? 3),
    u64(spec.tensorCount ?? tensors.length),
    u64(spec.fieldCount ?? fields.length + (spec.raw?.count ?? 0)),
    spec.raw?.bytes ?? Buffer.alloc(0),
    ...fields.flatMap(([key, type, value]) => [ggufString(key), u32(type), encode(type, value)]),
    ...tensors.flatMap(({ name, shape, type, offset }) => [
      ggufString(name),
      u32(shape.length),
      ...shape.map(u64),
      u32(type),
      u64(offset),
    ]),
  ])
  const alignment = spec.alignment ?? 32
  const padding = Buffer.alloc((alignment - (header.length % alignment)) % alignment)
  return spec.data ? Buffer.concat([header, padding, spec.data]) : header
}

/** A small whole model: an architecture, a vocabulary, 64 F32 in two tensors. */
export function smallModel(extra: readonly Field[] = [], architecture = 'llama'): Buffer {
  return buildGguf({
    fields: [
      ['general.architecture', 8, architecture],
      ['general.file_type', 4, 1],
      [`${architecture}.block_count`, 4, 1],
      [`${architecture}.context_length`, 4, 128],
      [`${architecture}.embedding_length`, 4, 8],
      ['tokenizer.ggml.tokens', 9, [8, ['a', 'b', '<s>', '</s>']]],
      ['tokenizer.ggml.bos_token_id', 4, 2],
      ['tokenizer.ggml.eos_token_id', 4, 3],
      ...extra,
    ],
    tensors: [
      { name: 'token_embd.weight', shape: [8, 4], type: 0, offset: 0 },
      { name: 'blk.0.attn_output.weight', shape: [4, 8], type: 0, offset: 128 },
    ],
    data: Buffer.alloc(256, 1),
  })
}
