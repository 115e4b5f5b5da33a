import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unfittingBackEnds } from '../../../main/desktop/back-ends.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-back-ends-'))
  lay('app', '@node-llama-cpp/linux-x64', '3.22.1')
  lay('app', '@fugood/node-llama-linux-x64', '1.7.15')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function lay(where: string, name: string, version: string): void {
  const own = join(folder, where, 'node_modules', name)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'package.json'), JSON.stringify({ name, version }))
}

const unfitting = () => unfittingBackEnds(join(folder, 'app'), join(folder, 'resources'))

// An update of Hearth alone would leave the graphics card unused without a word.
test('names the packages of another version, each once', () => {
  expect(unfitting()).toEqual([])
  lay('resources', '@node-llama-cpp/linux-x64-vulkan', '3.22.1')
  lay('resources', '@fugood/node-llama-linux-x64-vulkan', '1.7.15')
  expect(unfitting()).toEqual([])
  lay('resources', '@fugood/node-llama-linux-x64-vulkan', '1.7.14')
  lay('resources', '@node-llama-cpp/linux-x64-cuda', '3.21.0')
  lay('resources', '@node-llama-cpp/linux-x64-cuda-ext', '3.21.0')
  expect(unfitting()).toEqual(['hearth-gpu-cuda', 'hearth-gpu-vulkan'])
})
