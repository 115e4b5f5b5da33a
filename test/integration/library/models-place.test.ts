import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Hearth } from '../../../main/compose.ts'
import { Library } from '../../../main/library/library.ts'
import { startHearth } from '../hearth.ts'
import { ended } from './moving.ts'
import { expectWhole, putModel } from './ollama-folder.ts'

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
            model: 'hearth-demo',
            prompt: 'Tell me a story.',
            stream,
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

// Folders made at the place where a disk is to be connected hide what is on it. An empty place for it was said to lack
// the demo model only.
test.each(['is away with its disk', 'is an empty place for a disk'])(
  'where the models folder %s, that is said, and nothing is made in its place',
  async how => {
    const away = join(tmpdir(), `hearth-disk-that-is-away-${process.pid}`, 'models')
    const isEmpty = how.includes('empty')
    if (isEmpty) mkdirSync(away, { recursive: true })
    onTestFinished(() => rmSync(dirname(away), { recursive: true, force: true }))
    const { hearth, home, end } = await startHearth({ OLLAMA_MODELS: '' }, { modelsFolder: away })
    try {
      const notices = () => {
        let told: unknown
        hearth.notices.watch(all => {
          told = all.map(({ code, values }) => ({ code, values }))
        })()
        return told
      }
      expect(notices()).toEqual([{ code: 'models-folder-missing', values: { path: away } }])
      expect(await hearth.library.list()).toEqual([])
      await expectRefused(hearth, away)
      if (isEmpty) expect(readdirSync(away)).toEqual([])
      else expect(existsSync(dirname(away))).toBe(false)
      expect(hearth.modelsMove.place()).toMatchObject({ path: away, away: true })

      // Until another folder is used; the demo comes there, too.
      const other = join(home, 'other')
      putModel(other, { path: 'registry.ollama.ai/library/theirs/latest' })
      await hearth.modelsMove.use(other)
      await ended(hearth.modelsMove)
      expect(hearth.modelsMove.place()).toMatchObject({ path: other, away: false })
      expect(notices()).toEqual([])
      const models = async () => (await hearth.library.list()).map(({ name }) => name.model).sort()
      await expect.poll(models).toEqual(['hearth-demo', 'theirs'])
    } finally {
      await end()
    }
  },
)

test('a disk that goes while Hearth runs is told of by what would write; back again, all goes on', async () => {
  const { hearth, home, end } = await startHearth({ OLLAMA_MODELS: '' })
  try {
    const { root } = hearth.library.folder
    renameSync(root, join(home, 'unplugged'))
    await expectRefused(hearth, root)
    expect(existsSync(root)).toBe(false)
    renameSync(join(home, 'unplugged'), root)
    expect((await asked(hearth, 'create', { model: 'again', from: 'hearth-demo', system: 'Hi.' })).status).toBe(200)
  } finally {
    await end()
  }
})

// It was told by pointing at the folder, or by the next start alone: the list was empty, and nobody said why.
test.each<[string, (hearth: Hearth) => unknown]>([
  ['the list', hearth => hearth.library.list()],
  ['an answer', hearth => asked(hearth, 'generate', { model: 'hearth-demo', prompt: 'Hi.' })],
])('a disk that goes while Hearth runs is told of by what reads, %s, until it is back', async (_, read) => {
  const { hearth, home, end } = await startHearth({ OLLAMA_MODELS: '' })
  try {
    const { root } = hearth.library.folder
    let notices: unknown
    hearth.notices.watch(all => {
      notices = all.map(({ code, values }) => ({ code, values }))
    })
    const places: boolean[] = []
    hearth.modelsMove.watch(({ away }) => places.push(away))
    renameSync(root, join(home, 'unplugged'))
    await read(hearth)
    await read(hearth)
    expect(notices).toEqual([{ code: 'models-folder-missing', values: { path: root } }])
    renameSync(join(home, 'unplugged'), root)
    await hearth.library.list()
    expect(notices).toEqual([])
    expect(places).toEqual([false, true, false])
  } finally {
    await end()
  }
})

// It was still said to be away when the person had pointed at it, and what was to be pulled waited for the next start.
test('a disk that was away at the start, and is back, is used when it is pointed at', async () => {
  const disk = join(tmpdir(), `hearth-disk-that-comes-back-${process.pid}`)
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }))
  const { hearth, end } = await startHearth({ OLLAMA_MODELS: '' }, { modelsFolder: disk })
  try {
    let told: readonly unknown[] = []
    hearth.notices.watch(all => {
      told = all
    })
    expect(told).toHaveLength(1)
    putModel(disk, { path: 'registry.ollama.ai/library/mine/latest' })
    await hearth.modelsMove.use(disk)
    await ended(hearth.modelsMove)
    expect(hearth.modelsMove.place()).toMatchObject({ path: disk, away: false })
    expect(told).toEqual([])
    expect(await namesIn(hearth.library)).toEqual(['hearth-demo', 'mine'])
  } finally {
    await end()
  }
})

// The one came back, in somebody else's folder; the other stayed in the old one, where no Hearth would look for it.
test('in another folder taken as it is a demo that was deleted stays so, and what was on trial is gone', async () => {
  const { hearth, home, end } = await startHearth({ OLLAMA_MODELS: '' })
  try {
    const { root } = hearth.library.folder
    const { id } = hearth.makings.start({
      model: '',
      base: { kind: 'model', model: 'hearth-demo' },
      system: 'Be brief.',
      adapter: null,
      projector: null,
      quantize: null,
      template: '',
      license: '',
      parameters: {},
      messages: [],
    })
    await expect.poll(() => hearth.makings.list()).toMatchObject([{ id, state: 'done' }])
    await hearth.library.remove('hearth-demo')
    const other = join(home, 'other')
    putModel(other, { path: 'registry.ollama.ai/library/theirs/latest' })
    await hearth.modelsMove.use(other)
    await ended(hearth.modelsMove)
    expect(await namesIn(hearth.library)).toEqual(['theirs'])
    expect(await namesIn(new Library({ modelsFolder: root }))).toEqual([])
    expect(hearth.makings.list()).toEqual([])
  } finally {
    await end()
  }
})

const namesIn = async (library: Library) => (await library.list()).map(({ name }) => name.model).sort()

const asked = (hearth: Hearth, what: string, body: object | string) =>
  hearth.fetch(
    new Request(`http://localhost/api/${what}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify({ ...body, stream: false }),
    }),
  )

/** What brings something into the models folder says that it is away. */
async function expectRefused(hearth: Hearth, root: string): Promise<void> {
  const digest = `sha256:${createHash('sha256').update('x').digest('hex')}`
  const uploaded = await asked(hearth, `blobs/${digest}`, 'x')
  const error = `the models folder ${root} is not there, its disk may be away`
  expect([uploaded.status, await uploaded.json()]).toEqual([503, { error }])
  await expect(hearth.library.blobs.writeText('x')).rejects.toMatchObject({ code: 'models-away' })
  const pulled = await asked(hearth, 'pull', { model: 'http://127.0.0.1:9/library/tiny', insecure: true })
  expect([pulled.status, await pulled.json()]).toEqual([503, { error }])
}
