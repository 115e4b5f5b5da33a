import { describe, expect, test } from 'vitest'
import { inferenceEnvironment } from '../../../main/inference/environment.ts'
import { loadOptions } from '../../../main/inference/load-options.ts'
import { parseOptions } from '../../../main/inference/options.ts'
import { facts, model } from './prompt/models.ts'

const weights = { ...model(), modelPath: '/weights' }
const { runner } = parseOptions({}, {})
const environment = inferenceEnvironment({})

describe('weights with an encoder among them', () => {
  // llama.cpp would say "wrong number of tensors", after reading gigabytes.
  test.each([{ vision: true }, { audio: true }])('are refused with the reason: %o', parts => {
    expect(() => loadOptions(weights, facts(parts), runner, environment)).toThrow(
      expect.objectContaining({
        code: 'unsupported-architecture',
        status: 500,
        message: expect.stringContaining('take a version of the model with a projector file (mmproj) of its own'),
      }),
    )
  })

  test('are taken with a projector beside them', () => {
    const seeing = { ...weights, projectorPaths: ['/projector'] }
    expect(loadOptions(seeing, facts({ vision: true }), runner, environment).projectorPath).toBe('/projector')
  })
})
