import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { startHearth } from '../hearth.ts'
import { ended } from './moving.ts'
import { expectWhole } from './ollama-folder.ts'

// A chat that breaks off because its model's file was moved away under it.
test('an answer goes on while the models are moved, and the next one is made from the new folder', async () => {
  const { hearth, home, end } = await startHearth({ OLLAMA_MODELS: '' })
  try {
    const from = hearth.library.folder.root
    const to = join(home, '..', 'elsewhere')
    const generate = (stream: boolean) =>
      hearth.fetch(
        new Request('http://localhost/api/generate', {
          method: 'POST',
          body: JSON.stringify({
            ...{ model: 'hearth-demo', prompt: 'Tell me a story.', stream },
            options: { num_predict: 200 },
          }),
        }),
      )
    const reader = (await generate(true)).body!.getReader()
    // The model is loaded and answers.
    const pieces = [(await reader.read()).value!]
    await hearth.modelsMove.start(to)
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value)
    expect(await ended(hearth.modelsMove)).toMatchObject({ state: 'done', problem: null })
    const last = Buffer.concat(pieces).toString('utf8').trim().split('\n').at(-1)
    expect(JSON.parse(last ?? '')).toMatchObject({ done: true, done_reason: expect.stringMatching(/^(stop|length)$/) })
    expectWhole(to)
    expect(existsSync(join(from, 'manifests'))).toBe(false)
    expect((await generate(false)).status).toBe(200)
    expect(hearth.inference.running().map(({ modelPath }) => modelPath.startsWith(to))).toContain(true)
  } finally {
    await end()
  }
})

// Folders made at the place where a disk is to be connected hide what is on it.
test('where the models folder is away with its disk, that is said, and nothing is made in its place', async () => {
  const away = join(tmpdir(), `hearth-disk-that-is-away-${process.pid}`, 'models')
  const { hearth, end } = await startHearth({ OLLAMA_MODELS: '' }, { modelsFolder: away })
  try {
    let told: unknown
    hearth.notices.watch(notices => {
      told = notices.map(({ code, values }) => ({ code, values }))
    })()
    expect(told).toEqual([{ code: 'models-folder-missing', values: { path: away } }])
    expect(await hearth.library.list()).toEqual([])
    expect(existsSync(dirname(away))).toBe(false)
  } finally {
    await end()
  }
})
