import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../main/engine/engine.ts'
import { inferenceEnvironment } from '../../../main/inference/environment.ts'
import { forEmbeddings, forMedia, loadOptions } from '../../../main/inference/load-options.ts'
import { serves } from '../../../main/inference/load-wish.ts'
import { parseOptions } from '../../../main/inference/options.ts'
import type { GgufFacts, Model } from '../../../main/library/model.ts'

interface Case {
  readonly parameters?: Record<string, unknown>
  readonly request?: Record<string, unknown>
  readonly env?: NodeJS.ProcessEnv
  readonly trained?: number
  readonly architecture?: string
  readonly sees?: boolean
  readonly facts?: Partial<GgufFacts>
}

function load({ parameters, request, env, trained = 131_072, architecture = 'llama', sees, facts: more }: Case) {
  const model = { modelPath: '/m', adapterPaths: [], projectorPaths: sees ? ['/p'] : [] } as unknown as Model & {
    modelPath: string
  }
  const facts = { architecture, contextLength: trained, ...more } as GgufFacts
  const { runner } = parseOptions((parameters ?? {}) as Model['parameters'], request)
  const options = loadOptions(model, facts, runner, inferenceEnvironment(env ?? {}))
  return { options, wish: { name: 'm', options, exactContext: runner.numCtx !== undefined } }
}

describe('the context of a load', () => {
  it.each<[string, Case, number | 'auto']>([
    ['the graphics memory decides where nobody names a number', {}, 'auto'],
    ['OLLAMA_CONTEXT_LENGTH', { env: { OLLAMA_CONTEXT_LENGTH: '9000' } }, 9000],
    ['nonsense in it counts as unset', { env: { OLLAMA_CONTEXT_LENGTH: 'big' } }, 'auto'],
    ['the model is heard before it', { parameters: { num_ctx: 5000 }, env: { OLLAMA_CONTEXT_LENGTH: '9000' } }, 5000],
    ['the request before both', { parameters: { num_ctx: 5000 }, request: { num_ctx: 6000 } }, 6000],
    ['no more than the model was trained for', { request: { num_ctx: 1e6 }, trained: 8192 }, 8192],
    ['no fewer than 4', { request: { num_ctx: 1 } }, 4],
    ['no fewer than 2048 for a model that sees', { request: { num_ctx: 100 }, sees: true }, 2048],
  ])('%s', (_, each, contextSize) => {
    expect(load(each).options.contextSize).toBe(contextSize)
  })
})

it.each([
  ['llama', 4],
  ['mllama', 1],
  ['qwen3vlmoe', 1],
  ['qwen3moe', 4],
  ['lfm2', 1],
  ['nemotron_h_moe', 1],
])('OLLAMA_NUM_PARALLEL=4 gives a %s model %i slots', (architecture, slots) => {
  expect(load({ architecture, env: { OLLAMA_NUM_PARALLEL: '4' } }).options.slots).toBe(slots)
})

it('gives vectors one text at a time', () => {
  const { options } = load({ env: { OLLAMA_NUM_PARALLEL: '4' }, sees: true })
  expect(forEmbeddings(options)).toMatchObject({ slots: 1, embeddings: true })
  expect(forEmbeddings(options)).not.toHaveProperty('projectorPath')
})

it('leaves OLLAMA_GPU_OVERHEAD bytes of each GPU alone', () => {
  expect(load({ env: { OLLAMA_GPU_OVERHEAD: '1073741824' } }).options.gpuOverhead).toBe(2 ** 30)
})

// Upstream server/sched.go, needsReload: a runner option that changes loads the model anew, a sampling option does not.
it.each<[string, Record<string, unknown>, boolean]>([
  ['nothing', {}, true],
  ['temperature', { temperature: 2, seed: 3, stop: ['x'], num_predict: 9 }, true],
  ['the context there is', { num_ctx: 4096 }, true],
  ['another context', { num_ctx: 2048 }, false],
  ['num_batch', { num_batch: 64 }, false],
  ['num_gpu', { num_gpu: 3 }, false],
  ['num_gpu left to Hearth', { num_gpu: -1 }, true],
  ['use_mmap', { use_mmap: false }, false],
  ['num_thread', { num_thread: 1 }, false],
])('a request that names %s is served by what is loaded: %j %s', (_, request, isServed) => {
  const engine = { info: { contextSize: 4096 } as Engine['info'] }
  expect(serves(load({}).wish, engine, load({ request }).wish)).toBe(isServed)
})

// A model without a projector says so to whoever shows it a picture; it is not loaded anew for that (inference.ts).
it('a picture is served by what was loaded to see, and text by either', () => {
  const { wish } = load({ sees: true })
  const seeing = { ...wish, options: forMedia(wish.options) }
  const blind = { info: { contextSize: 4096 } as Engine['info'] }
  const able = { info: { ...blind.info, media: { vision: true, audio: false } } }
  expect([serves(wish, blind, wish), serves(wish, blind, seeing)]).toEqual([true, false])
  expect([serves(seeing, able, wish), serves(seeing, able, seeing)]).toEqual([true, true])
  // Loaded for text, but by the build that knows its architecture.
  expect(serves(wish, able, seeing)).toBe(true)
})

describe('weights with an encoder among them', () => {
  // llama.cpp would say "wrong number of tensors", after reading gigabytes.
  it.each([{ vision: true }, { audio: true }])('are refused with the reason: %o', facts => {
    expect(() => load({ facts })).toThrow(
      expect.objectContaining({
        code: 'unsupported-architecture',
        status: 500,
        message: expect.stringContaining('take a version with a projector file (mmproj) of its own'),
      }),
    )
  })

  it('are taken where they can be translated', () => {
    const { options } = load({ facts: { vision: true, forOllama: true } }).wish
    // The projector is only made when it is loaded; there must be room for pictures all the same.
    expect(options.projectorPath).toBeUndefined()
    expect(
      load({ facts: { vision: true, forOllama: true, contextLength: 8192 }, request: { num_ctx: 512 } }).options
        .contextSize,
    ).toBe(2048)
  })

  it('are taken with a projector beside them', () => {
    expect(load({ facts: { vision: true }, sees: true }).options.projectorPath).toBe('/p')
  })
})

// It would answer with less than was asked for, and nobody would hear of it.
it('a context that was shortened does not serve a request that names the whole', () => {
  const asked = { contextSize: 8192, gpuLayers: 0 }
  const engine = {
    info: { contextSize: 4096 } as Engine['info'],
    steppedDown: { asked, given: { ...asked, contextSize: 4096 } },
  }
  const { wish } = load({ env: { OLLAMA_CONTEXT_LENGTH: '8192' } })
  expect(serves(wish, engine, load({ request: { num_ctx: 8192 } }).wish)).toBe(false)
  expect(serves(wish, engine, load({ request: { num_ctx: 4096 } }).wish)).toBe(true)
  expect(serves(wish, engine, wish)).toBe(true)
})
