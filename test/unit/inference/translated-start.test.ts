import { expect, it } from 'vitest'
import type { Engine, LoadOptions, StartEngine } from '../../../main/engine/engine.ts'
import { startingTranslated } from '../../../main/inference/translated-start.ts'
import type { Library } from '../../../main/library/library.ts'

const options = {
  modelPath: '/own',
  adapterPaths: ['/a'],
  contextSize: 1,
  slots: 1,
  batchSize: 1,
} as unknown as LoadOptions

/** Starts an engine that loads in two halves; tells what it was started with, and what was heard of it. */
async function started(readable: Library['readable'], asked: Partial<LoadOptions> = {}) {
  const heard: number[] = []
  let given: LoadOptions | undefined
  const start: StartEngine = async (options, hooks) => {
    given = options
    hooks?.onProgress?.(0.5)
    hooks?.onProgress?.(1)
    return {} as Engine
  }
  const onProgress = (fraction: number) => heard.push(fraction)
  await startingTranslated(start, { readable })({ ...options, ...asked }, { onProgress })
  return { heard, given }
}

it('loads what llama.cpp reads, and counts the translation as the first half, never going back', async () => {
  const { heard, given } = await started(async (_, { onProgress }) => {
    for (const done of [1, 2]) onProgress?.(done, 2)
    onProgress?.(1, 2)
    return { modelPath: '/translated', projectorPath: '/projector' }
  })
  expect(given).toMatchObject({ modelPath: '/translated', projectorPath: '/projector', adapterPaths: ['/a'] })
  expect(heard).toEqual([0.25, 0.5, 0.5, 0.75, 1])
})

it('leaves what needs no translation as it is, and asks for no encoder where vectors are wanted', async () => {
  const wanted: boolean[] = []
  const readable: Library['readable'] = async ({ modelPath }, { sees }) => {
    wanted.push(sees)
    return { modelPath }
  }
  expect((await started(readable)).heard).toEqual([0.5, 1])
  await started(readable, { embeddings: true })
  expect(wanted).toEqual([true, false])
})
