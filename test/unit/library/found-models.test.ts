import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foundModels } from '../../../main/library/found-models.ts'
import type { Model } from '../../../main/library/model.ts'
import { parseModelName } from '../../../main/library/model-name.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const having = (...names: string[]) => ({
  list: async () => names.map(name => ({ name: parseModelName(name) })) as Model[],
})

// After a restart what Hearth had pulled itself was called a model of Ollama.
test('what was there at the first start is remembered, and nothing that came since', async () => {
  const home = temporaryHome()
  expect(await foundModels(having('gemma3', 'qwen3:4b'), home)).toEqual(['gemma3:latest', 'qwen3:4b'])
  expect(await foundModels(having('gemma3', 'qwen3:4b', 'mine'), home)).toEqual(['gemma3:latest', 'qwen3:4b'])
})

test('with nothing there at the first start, what comes later is not called found', async () => {
  const home = temporaryHome()
  expect(await foundModels(having(), home)).toEqual([])
  expect(await foundModels(having('mine'), home)).toEqual([])
})

test('a home that is older than the list, or whose list is broken, has found none', async () => {
  const older = temporaryHome()
  writeFileSync(join(older, 'demo-model.json'), '{}')
  expect(await foundModels(having('mine'), older)).toEqual([])
  const broken = temporaryHome()
  writeFileSync(join(broken, 'found-models.json'), '{"')
  expect(await foundModels(having('mine'), broken)).toEqual([])
})
