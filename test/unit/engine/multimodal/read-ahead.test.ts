import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAhead } from '../../../../main/engine/multimodal/read-ahead.ts'

let folder: string
const file = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-ahead-'))
  await writeFile(file('weights'), Buffer.alloc(130 * 2 ** 20))
  await writeFile(file('projector'), Buffer.alloc(3))
})
afterAll(() => rm(folder, { recursive: true }))

// A load that tells nothing until it is done is killed for hanging on a slow disk.
test('files are passed in steps up to their end', async () => {
  const told: number[] = []
  await readAhead([file('weights'), file('projector')], fraction => told.push(fraction))
  expect(told.length).toBeGreaterThanOrEqual(3)
  expect(told).toEqual([...told].sort((a, b) => a - b))
  expect(told.at(-1)).toBe(1)
})

test('a file that is not there is told', async () => {
  await expect(readAhead([file('weights'), file('nothing')], () => undefined)).rejects.toThrow('ENOENT')
})
