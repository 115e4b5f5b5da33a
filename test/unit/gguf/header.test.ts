import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readArray } from '../../../main/gguf/arrays.ts'
import { isGguf, readHeader } from '../../../main/gguf/header.ts'
import { fileTypeName, type GgufArray, tensorTypeName } from '../../../main/gguf/types.ts'
import { Problem } from '../../../main/problem.ts'
import { buildGguf, type Field, type GgufSpec, smallModel } from './build-gguf.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-gguf-'))
})
afterAll(() => rm(folder, { recursive: true }))

let files = 0
async function file(bytes: Buffer): Promise<string> {
  const path = join(folder, `${files++}.gguf`)
  await writeFile(path, bytes)
  return path
}

const reason = async (bytes: Buffer) => {
  const error = await readHeader(await file(bytes)).then(
    () => undefined,
    (problem: unknown) => problem,
  )
  expect(error).toBeInstanceOf(Problem)
  expect((error as Problem).code).toBe('broken-model-file')
  return (error as Problem).message.replace('broken model file: ', '')
}

describe('readHeader', () => {
  const fields: Field[] = [
    ['u8', 0, 255],
    ['i8', 1, -128],
    ['u16', 2, 65535],
    ['i16', 3, -32768],
    ['u32', 4, 4294967295],
    ['i32', 5, -2147483648],
    ['f32', 6, 1e-5],
    ['f32.third', 6, 1 / 3],
    ['f32.whole', 6, 10000],
    ['bool', 7, true],
    ['string', 8, '你好 😀'],
    ['string.latin1', 8, Buffer.from([0x61, 0xff, 0x62])],
    ['string.empty', 8, ''],
    ['u64', 10, 42n],
    ['u64.large', 10, 2n ** 64n - 1n],
    ['i64', 11, -42n],
    ['i64.large', 11, -(2n ** 63n)],
    ['f64', 12, 0.1],
    ['strings', 9, [8, ['x', '', 'yz']]],
    ['floats', 9, [6, [0.5, 1e-12]]],
    ['empty', 9, [4, []]],
    ['__proto__', 4, 7],
  ]

  it.each([2, 3])('reads every type of value in version %d', async version => {
    const path = await file(buildGguf({ version, fields }))
    const header = await readHeader(path)
    const value = (key: string) => header.entries.get(key)!.value
    expect(header.version).toBe(version)
    expect(fields.slice(0, 18).map(([key]) => value(key))).toEqual([
      255,
      -128,
      65535,
      -32768,
      4294967295,
      -2147483648,
      // An f32 prints as its shortest decimal: Ollama shows 1e-05, not 0.000009999999747378752.
      1e-5,
      0.33333334,
      10000,
      true,
      '你好 😀',
      'a\ufffdb',
      '',
      42,
      2n ** 64n - 1n,
      -42,
      -(2n ** 63n),
      0.1,
    ])
    expect(value('__proto__')).toBe(7)
    expect(value('strings')).toMatchObject({ elementType: 8, length: 3 })
    expect(await readArray(path, value('strings') as GgufArray)).toEqual(['x', '', 'yz'])
    expect(await readArray(path, value('strings') as GgufArray, [2, 0, 2])).toEqual(['yz', 'x', 'yz'])
    expect(await readArray(path, value('floats') as GgufArray, [1])).toEqual([1e-12])
    expect(await readArray(path, value('empty') as GgufArray)).toEqual([])
  })

  it('locates each entry, so that a copy can take its bytes as they are', async () => {
    const bytes = buildGguf({ fields })
    const header = await readHeader(await file(bytes))
    const whole = Buffer.concat([...header.entries.values()].map(entry => bytes.subarray(entry.start, entry.end)))
    expect(whole).toEqual(bytes.subarray(24))
  })

  it('reads tensors, their sizes and the start of their data', async () => {
    const header = await readHeader(
      await file(
        buildGguf({
          fields: [['general.alignment', 4, 64]],
          alignment: 64,
          tensors: [
            { name: 'a', shape: [256, 2], type: 12, offset: 0 },
            { name: 'b', shape: [], type: 0, offset: 320 },
            { name: 'c', shape: [3, 1, 2, 1], type: 1, offset: 384 },
            { name: 'd', shape: [5], type: 999, offset: 0 },
          ],
          data: Buffer.alloc(400),
        }),
      ),
    )
    expect(header.alignment).toBe(64)
    expect(header.dataOffset % 64).toBe(0)
    expect(header.tensors).toEqual([
      { name: 'a', shape: [256, 2], type: 12, offset: 0, bytes: 288 },
      { name: 'b', shape: [], type: 0, offset: 320, bytes: 4 },
      { name: 'c', shape: [3, 1, 2, 1], type: 1, offset: 384, bytes: 12 },
      { name: 'd', shape: [5], type: 999, offset: 0, bytes: undefined },
    ])
    expect(header.tensors.map(tensor => tensorTypeName(tensor.type))).toEqual(['Q4_K', 'F32', 'F16', 'unknown'])
  })

  // A buffer edge in the middle of a length or a string shifts everything after it.
  it('reads across the edges of its buffer', async () => {
    const strings = Array.from({ length: 30_000 }, (_, i) => 'x'.repeat(i % 97) + i)
    const bytes = buildGguf({
      fields: [
        ['before', 8, 'b'.repeat(65_530)],
        ['strings', 9, [8, strings]],
        ['bytes', 9, [0, new Array(200_000).fill(7)]],
        ['after', 8, 'here'],
        ['long', 8, 'l'.repeat(3_000_000)],
        ['last', 4, 9],
      ],
    })
    const path = await file(bytes)
    const header = await readHeader(path)
    expect(header.entries.get('after')!.value).toBe('here')
    expect(header.entries.get('long')!.value).toHaveLength(3_000_000)
    expect(header.entries.get('last')!.value).toBe(9)
    expect(await readArray(path, header.entries.get('strings')!.value as GgufArray)).toEqual(strings)
  })

  it.each<[string, GgufSpec | Buffer]>([
    ['not a GGUF file', Buffer.alloc(0)],
    ['not a GGUF file', Buffer.from('GG')],
    ['not a GGUF file', Buffer.from('PK\x03\x04 some archive that is no model')],
    ['not a GGUF file', Buffer.from('version https://git-lfs.github.com/spec/v1\n')],
    ['its byte order is big-endian, which is not supported', { magic: 'FUGG' }],
    ['its byte order is big-endian, which is not supported', { version: 0x03000000 }],
    ['GGUF version 1 is no longer supported', { version: 1 }],
    ['GGUF version 0 is not supported', { version: 0 }],
    ['GGUF version 4 is not supported', { version: 4 }],
    ['it claims 18446744073709552000 tensors, more than it can hold', { tensorCount: 2n ** 64n - 1n }],
    ['it claims 1000 metadata entries, more than it can hold', { fieldCount: 1000n }],
    ['the file is cut off inside its header', Buffer.from('GGUF\x03\0\0\0\x01')],
    ['a metadata key is empty', { fields: [['', 4, 1]] }],
    [
      'its metadata has "a" twice',
      {
        fields: [
          ['a', 4, 1],
          ['a', 4, 1],
        ],
      },
    ],
    ['"a" has a value of unknown type 13', { fields: [['a', 13, Buffer.alloc(8)]] }],
    ['"a" has a value of unknown type 9', { fields: [['a', 9, [9, [[4, [1]]]]]] }],
    ['"a" has a value of unknown type 77', { fields: [['a', 9, [77, [Buffer.alloc(8)]]]] }],
    ['it claims 9223372036854776000 values in "a", more than it can hold', { fields: [['a', 9, [4, [], 2n ** 63n]]] }],
    ['it claims 2305843009213694000 values in "a", more than it can hold', { fields: [['a', 9, [8, [], 2n ** 61n]]] }],
    ['its alignment is 0, not a power of two', { fields: [['general.alignment', 4, 0]] }],
    ['its alignment is 48, not a power of two', { fields: [['general.alignment', 4, 48]] }],
    ['its alignment is text, not a power of two', { fields: [['general.alignment', 8, 'text']] }],
    ['its alignment is an array, not a power of two', { fields: [['general.alignment', 9, [4, [32]]]] }],
    ['tensor "t" has 5 dimensions', tensor([1, 1, 1, 1, 1])],
    [
      'tensor "t" has 4294967295 dimensions',
      Buffer.concat([
        buildGguf({ tensorCount: 1n }),
        Buffer.from(`010000000000000074ffffffff${'00'.repeat(16)}`, 'hex'),
      ]),
    ],
    ['tensor "t" claims an impossible shape', tensor([2n ** 40n, 2n ** 40n])],
    ['tensor "t" claims an impossible shape', tensor([2n ** 64n - 1n])],
    ['tensor "t" has rows that are no whole number of Q4_K blocks', tensor([255], 12)],
    ['the data of tensor "t" lies beyond the end of the file', tensor([65])],
    ['the data of tensor "t" lies beyond the end of the file', tensor([1], 0, 2n ** 63n)],
    [
      'its tensors overlap',
      { ...tensor([64]), tensors: ['a', 'b'].map(name => ({ name, shape: [64], type: 0, offset: 0 })) },
    ],
    [
      'it has the tensor "t" twice',
      { ...tensor([4]), tensors: [0, 16].map(offset => ({ name: 't', shape: [4], type: 0, offset })) },
    ],
  ])('refuses what is wrong: %s', async (expected, spec) => {
    expect(await reason(Buffer.isBuffer(spec) ? spec : buildGguf(spec))).toBe(expected)
  })

  function tensor(shape: (number | bigint)[], type = 0, offset: number | bigint = 0): GgufSpec {
    return { tensors: [{ name: 't', shape, type, offset }], data: Buffer.alloc(256) }
  }

  it('refuses a string longer than the file, without allocating it', async () => {
    const bytes = buildGguf({ fields: [['a', 8, 'abc']] })
    bytes.writeBigUInt64LE(2n ** 40n, bytes.length - 11)
    expect(await reason(bytes)).toBe('"a" claims 1099511627776 bytes, more than the file has')
  })

  // A sparse file makes any claim fit; only a limit on what is sensible keeps main from taking 4 GiB for one string.
  it('refuses a monstrous string that the file could hold', async () => {
    const bytes = buildGguf({ fields: [['a', 8, 'abc']] })
    bytes.writeBigUInt64LE(2n ** 32n, bytes.length - 11)
    const path = await file(bytes)
    await truncate(path, 2 ** 33)
    const before = process.memoryUsage().arrayBuffers
    await expect(readHeader(path)).rejects.toThrow('"a" is 4294967296 bytes long, more than is sensible')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20)
  })

  it.each<[string, Field]>([
    ['a list of 268435456 strings is more than is sensible', ['a', 9, [8, [], 2n ** 28n]]],
    ['its header is larger than 512 MiB', ['a', 9, [0, [], 2n ** 30n]]],
  ])('gives up on a header that would take minutes to walk: %s', async (expected, field) => {
    const path = await file(buildGguf({ fields: [field] }))
    await truncate(path, 2 ** 33)
    await expect(readHeader(path)).rejects.toThrow(expected)
  })

  it('says that a whole model cut anywhere is broken', async () => {
    const whole = smallModel()
    for (let length = 0; length < whole.length; length += 2) await reason(whole.subarray(0, length))
    await reason(whole.subarray(0, -1))
    expect((await readHeader(await file(whole))).tensors).toHaveLength(2)
  })

  it('passes on the file system error of a missing file', async () => {
    await expect(readHeader(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('isGguf', () => {
  it('looks at the first four bytes only', async () => {
    expect(await isGguf(await file(Buffer.from('GGUF')))).toBe(true)
    expect(await isGguf(await file(Buffer.from('FUGGxx')))).toBe(true)
    expect(await isGguf(await file(Buffer.from('GGU')))).toBe(false)
    expect(await isGguf(await file(Buffer.from('{"a":1}')))).toBe(false)
  })
})

describe('fileTypeName', () => {
  it.each([
    [0, 'unknown'],
    [1, 'F16'],
    [7, 'Q8_0'],
    [15, 'Q4_K_M'],
    [32, 'BF16'],
    [38, 'MXFP4_MOE'],
    [999, 'unknown'],
  ])('names %d', (type, name) => expect(fileTypeName(type)).toBe(name))
})
