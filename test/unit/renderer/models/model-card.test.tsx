// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { refreshFits, useFits } from '../../../../renderer/features/models/fits-store.ts'
import { ModelCard } from '../../../../renderer/features/models/installed/model-card.tsx'
import { installedModel } from '../../../../renderer/features/models/installed-model.ts'
import { ModelTitle } from '../../../../renderer/features/models/model-title.tsx'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const model = installedModel({ name: 'hf.co/someone/giant-GGUF:Q4_K_M', size: 400e9 }, '')
const fit = {
  verdict: 'too-large' as const,
  exact: false,
  download: 0,
  diskFree: null,
  needed: 440e9,
  free: 8e9,
  total: 16e9,
  computedBy: 'processor' as const,
  wordsPerSecond: 0.1,
  contextSize: 0,
}

// A model was found by the one spelling of its name, and not by the other that the list has.
test('a model that does not fit says so, whatever spelling of its name the answer has', async () => {
  installHearth({ 'models.installedFits': () => ({ fits: { 'hf.co/someone/Giant-GGUF:Q4_K_M': fit } }) })
  useFits.setState({ fits: null })
  stage(<ModelCard model={model} />)
  expect(screen.getByText('giant:Q4_K_M')).toBeTruthy()
  expect(screen.queryByText(/Does not fit/)).toBeNull()
  await refreshFits()
  expect(await screen.findByText('Does not fit: needs 440 GB of memory, 8 GB are free.', { exact: false })).toBeTruthy()
})

// The room for a sentence that never came stayed empty on every card.
test('where this computer cannot be looked at, nothing is said, and no room is kept for it', async () => {
  installHearth({
    'models.installedFits': () => {
      throw problem('internal')
    },
  })
  useFits.setState({ fits: null })
  await refreshFits()
  expect(useFits.getState().fits).toEqual({})
})

test('a model that shares its spoken name with another one is called by its whole name', () => {
  installHearth()
  const twins = ['one', 'two'].map(owner => installedModel({ name: `hf.co/${owner}/Tiny-GGUF:Q8_0`, size: 1 }, ''))
  useModels.setState({ models: twins })
  stage(<ModelTitle name="hf.co/two/Tiny-GGUF:Q8_0" />)
  expect(screen.getByText('hf.co/two/Tiny-GGUF:Q8_0')).toBeTruthy()
})
