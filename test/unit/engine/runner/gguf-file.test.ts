import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkGgufFile } from '../../../../main/engine/runner/gguf-file.ts'

function header({ version = 3, tensors = 0n, entries = 0n }, bytes = 100): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.write('GGUF')
  buffer.writeUInt32LE(version, 4)
  buffer.writeBigUInt64LE(tensors, 8)
  buffer.writeBigUInt64LE(entries, 16)
  return buffer
}

describe('checkGgufFile', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gguf-file-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const check = async (content: Buffer | string) => {
    const path = join(folder, 'model.gguf')
    await writeFile(path, content)
    return checkGgufFile(path)
  }

  it('gives the size of a file that may be one', async () => {
    expect(await check(header({ tensors: 2n, entries: 3n }))).toBe(100)
  })

  it.each([
    ['an empty file', '', 'the file is empty'],
    ['a text', 'no model at all', 'not in GGUF format'],
    ['a magic number alone', 'GGUF', 'damaged or incomplete'],
    ['a future version', header({ version: 99 }), 'version (99) is not supported'],
    ['more tensors than the file has room for', header({ tensors: 1n << 60n }), 'damaged or incomplete'],
    ['counts whose sum wraps around', header({ tensors: (1n << 64n) - 1n, entries: 2n }), 'damaged or incomplete'],
  ])('turns %s away', async (_, content, message) => {
    await expect(check(content)).rejects.toMatchObject({
      code: 'broken-model-file',
      message: expect.stringContaining(message),
    })
  })

  it('tells a missing file from a broken one, and a folder is broken', async () => {
    await expect(checkGgufFile(join(folder, 'nothing.gguf'))).rejects.toMatchObject({
      code: 'model-not-found',
      status: 404,
    })
    await expect(checkGgufFile(folder)).rejects.toMatchObject({ code: 'broken-model-file' })
  })
})
