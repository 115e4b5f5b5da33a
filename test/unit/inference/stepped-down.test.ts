import { expect, it } from 'vitest'
import { steppedDownTeller } from '../../../main/inference/stepped-down.ts'

it('tells what is missing, once for each model and kind of loss however often it is loaded', () => {
  const told: unknown[] = []
  const tell = steppedDownTeller(values => told.push(values))
  const asked = { contextSize: 8192, gpuLayers: 33 }
  tell('a', { asked, given: { contextSize: 4096, gpuLayers: 33 } })
  tell('a', { asked, given: { contextSize: 5120, gpuLayers: 33 } })
  tell('a', { asked, given: { contextSize: 8192, gpuLayers: 20 } })
  tell('b', { asked, given: { contextSize: 4096, gpuLayers: 0 } })
  expect(told).toEqual([
    { model: 'a', reason: 'context', askedContext: 8192, context: 4096, askedLayers: 33, layers: 33 },
    { model: 'a', reason: 'graphics', askedContext: 8192, context: 8192, askedLayers: 33, layers: 20 },
    { model: 'b', reason: 'both', askedContext: 8192, context: 4096, askedLayers: 33, layers: 0 },
  ])
})
