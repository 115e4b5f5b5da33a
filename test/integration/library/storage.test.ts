import { beforeEach, expect, it } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { storageOf } from '../../../main/library/storage.ts'
import { blobNames, eachInTemporaryFolder, putModel } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
let library: Library
beforeEach(() => {
  library = new Library({ modelsFolder: folder.path })
})
const put = (path: string, ...layers: [string, string][]) => putModel(folder.path, { path, layers })

it('counts what several models share once, and frees of each what it alone needs', async () => {
  put('registry.ollama.ai/library/a/latest', ['model', 'x'.repeat(1000)], ['system', 'y'.repeat(10)])
  put('registry.ollama.ai/library/b/latest', ['model', 'x'.repeat(1000)], ['system', 'z'.repeat(20)])
  const before = await storageOf(library)
  const [a, b] = await Promise.all([library.get('a'), library.get('b')])
  expect(before.total).toBeLessThan(a.size + b.size)
  expect(before.freed['a:latest']).toBeLessThan(1000)
  expect(before.free).toBeGreaterThan(0)
  await library.remove('a')
  const after = await storageOf(library)
  // What was promised is what was given back.
  expect(before.total - after.total).toBe(before.freed['a:latest'])
  expect(after.freed).toEqual({ 'b:latest': after.total })
  await library.remove('b')
  expect(blobNames(folder.path)).toEqual([])
})

it('frees nothing for one of two names of a model', async () => {
  put('registry.ollama.ai/library/a/latest', ['model', 'weights'])
  await library.copy('a', 'c')
  const { freed, total } = await storageOf(library)
  expect(freed).toEqual({ 'a:latest': 0, 'c:latest': 0 })
  expect(total).toBe((await library.get('a')).size)
})
