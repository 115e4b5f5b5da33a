import { expect, test } from 'vitest'
import type { ToolEngine } from '../../../../main/engine/tool-engine.ts'
import { Fitting } from '../../../../main/library/fit/fitting.ts'
import type { Library } from '../../../../main/library/library.ts'
import { parseModelName } from '../../../../main/library/model-name.ts'
import type { Registry } from '../../../../main/library/registry/registry.ts'
import { facts } from '../../inference/prompt/models.ts'

const gb = 1e9

// A model that was answering was told not to fit, as a guess by the size of its files said so.
test('a model in memory fits, however large its files are, and others beside it are guessed', async () => {
  const machine = { ram: 5 * gb, vram: 0, isUnified: false, totalVram: 0, totalRam: 8 * gb }
  const models = ['loaded', 'other'].map(name => ({ name: parseModelName(name)!, size: 5 * gb, modelPath: `/${name}` }))
  const fitting = new Fitting({
    library: { list: async () => models, facts: async () => facts() } as unknown as Library,
    registry: {} as Registry,
    toolEngine: { forecast: async () => ({ machine }) } as unknown as ToolEngine,
    held: () => ({ ram: 0, vram: 0 }),
    isLoaded: path => path === '/loaded',
  })
  const fits = await fitting.installed()
  expect(fits['loaded:latest']?.verdict).not.toBe('too-large')
  expect(fits['other:latest']?.verdict).toBe('too-large')
})
