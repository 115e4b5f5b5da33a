import { expect, it, vi } from 'vitest'
import { refreshModels, useModels } from '../../../../renderer/features/models/models-store.ts'
import { ollama } from '../../../../renderer/state/ollama.ts'

const listed = (...names: string[]) => ({
  models: names.map(name => ({ name, size: 1, modified_at: '2026-01-01T00:00:00Z', digest: name, details: {} })),
})

// The window's first look at a slow start came after the picker's own, and took what that had found out of the list.
it('the list of models is the one that was asked for last, however late another answer comes', async () => {
  const answers: ((list: unknown) => void)[] = []
  vi.spyOn(ollama, 'list').mockImplementation(() => new Promise(resolve => answers.push(resolve as never)))
  const [first, second] = [refreshModels(), refreshModels()]
  answers[1]!(listed('old', 'new'))
  await second
  answers[0]!(listed('old'))
  await first
  expect(useModels.getState().models?.map(({ name }) => name)).toEqual(['old', 'new'])
})
