import {
  copyFileSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Making, Makings } from '../../../main/library/making/makings.ts'
import type { MakeOrder } from '../../../main/library/making/order.ts'
import { fixtures, startHearth, type TestHearth } from '../hearth.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { blobNames } from './ollama-folder.ts'

let hearth: TestHearth
let folder: string
beforeAll(async () => {
  hearth = await startHearth()
  folder = mkdtempSync(join(tmpdir(), 'hearth-making-'))
})
afterAll(async () => {
  await hearth?.end()
  rmSync(folder, { recursive: true, force: true })
})

const makings = () => hearth.hearth.makings
const offer = (...path: string[]) => makings().choices.offer(join(...path))
const demo = { kind: 'model', model: 'hearth-demo' } as const
const order = (over: Partial<MakeOrder> = {}): MakeOrder => ({
  model: 'made',
  base: demo,
  adapter: null,
  projector: null,
  quantize: null,
  system: '',
  template: '',
  license: '',
  parameters: {},
  messages: [],
  ...over,
})

/** Makes a model, to its end. @returns its end, and the steps it went through */
async function made(over: Partial<MakeOrder>, list = makings()): Promise<{ end: Making; steps: string[] }> {
  const steps = new Set<string>()
  const { id } = list.start(order(over))
  const end = await new Promise<Making>(resolve => {
    const stop = list.watch(makings => {
      const making = makings.find(other => other.id === id)
      if (!making) return
      steps.add(making.step)
      if (making.state !== 'running') {
        queueMicrotask(() => stop())
        resolve(making)
      }
    })
  })
  return { end, steps: [...steps] }
}
const show = async (name: string) => hearth.hearth.library.get(name)

describe('a model is made', () => {
  test('from a model that is here, with what it is told, and answers that way', async () => {
    const { end } = await made({ system: 'Be brief.', parameters: { temperature: 0, num_predict: 8 } })
    expect(end).toMatchObject({ state: 'done', model: 'made', trial: false, problem: null })
    expect(await show('made')).toMatchObject({ system: 'Be brief.', parameters: { temperature: 0, num_predict: 8 } })
  })

  // A projector that lies elsewhere than its model was refused, and there was no way to put the two together.
  test('from a GGUF file and the projector that goes with it, and sees', async () => {
    const chosen = await offer(fixtures, 'tiny-chat-q8_0.gguf')
    const projector = await offer(fixtures, 'mmproj-tiny.gguf')
    expect(projector).toMatchObject({ format: 'gguf', kind: 'projector', name: 'mmproj-tiny.gguf' })
    const base = { kind: 'files', token: chosen.token } as const
    expect((await made({ model: 'seeing', base, projector: projector.token })).end).toMatchObject({ state: 'done' })
    expect((await show('seeing')).projectorPaths).toHaveLength(1)
  })

  test('from a GGUF file, at another precision', async () => {
    const chosen = await offer(fixtures, 'tiny-chat-f16.gguf')
    expect(chosen).toMatchObject({ format: 'gguf', kind: 'model', precision: 'F16', name: 'tiny-chat-f16.gguf' })
    const base = { kind: 'files', token: chosen.token } as const
    const { end } = await made({ model: 'smaller', base, quantize: 'Q8_0' })
    expect(end).toMatchObject({ state: 'done' })
    const model = await show('smaller')
    expect(model.config.file_type).toBe('Q8_0')
    expect(model.size).toBeLessThan(chosen.bytes * 0.6)
  })

  test('from a folder of safetensors, also when one file in it is dropped, with an adapter', async () => {
    const chosen = await offer(fixtures, 'tiny-chat-hf', 'model.safetensors')
    expect(chosen).toMatchObject({ format: 'safetensors', kind: 'model', precision: 'F16' })
    const adapter = await offer(fixtures, 'tiny-pirate-lora.gguf')
    expect(adapter.kind).toBe('adapter')
    const base = { kind: 'files', token: chosen.token } as const
    const { end } = await made({ model: 'pirate', base, adapter: adapter.token })
    expect(end).toMatchObject({ state: 'done' })
    expect((await show('pirate')).adapterPaths).toHaveLength(1)
  })
})

// Only the API and the command told it.
test('a tokenizer that cuts text in a way nobody knows is warned of', async () => {
  const source = join(fixtures, 'tiny-chat-hf')
  mkdirSync(join(folder, 'odd'))
  for (const name of readdirSync(source)) copyFileSync(join(source, name), join(folder, 'odd', name))
  const tokenizer = JSON.parse(readFileSync(join(source, 'tokenizer.json'), 'utf8'))
  const preTokenizer = { type: 'Split', pattern: { Regex: 'something new' }, behavior: 'Isolated' }
  writeFileSync(join(folder, 'odd', 'tokenizer.json'), JSON.stringify({ ...tokenizer, pre_tokenizer: preTokenizer }))
  const { token } = await offer(folder, 'odd')
  const { end } = await made({ model: 'odd', base: { kind: 'files', token } })
  expect(end).toMatchObject({ state: 'done', warnings: ['unknown-cut'], problem: null })
})

// It was made, and failed when it was asked something; later, it was refused once gigabytes had been copied.
test('a GGUF whose tokenizer cuts text in a way that llama.cpp does not know is refused before it is copied', async () => {
  const gguf = readFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'))
  gguf.write('x', gguf.indexOf('gpt-2'))
  writeFileSync(join(folder, 'rare.gguf'), gguf)
  const refusal = {
    code: 'broken-model-file',
    status: 400,
    message: expect.stringMatching(/^rare\.gguf: .*unknown pre-tokenizer type: 'xpt-2'/),
  }
  await expect(offer(folder, 'rare.gguf')).rejects.toMatchObject(refusal)
  const { library } = hearth.hearth
  const { digest } = await library.blobs.write(createReadStream(join(folder, 'rare.gguf')))
  await expect(library.create({ model: 'rare', files: { 'rare.gguf': digest } })).rejects.toMatchObject(refusal)
})

test('a folder with a projector beside the weights becomes a model that sees', async () => {
  mkdirSync(join(folder, 'sees'))
  for (const name of ['tiny-chat-q8_0.gguf', 'mmproj-tiny.gguf'])
    copyFileSync(join(fixtures, name), join(folder, 'sees', name))
  const { token, kind } = await offer(folder, 'sees')
  expect(kind).toBe('model')
  const { end } = await made({ model: 'sees', base: { kind: 'files', token } })
  expect(end).toMatchObject({ state: 'done' })
  expect((await show('sees')).projectorPaths).toHaveLength(1)
})

test('one that is tried gets a name of its own, and is gone with its place on the list, at the next start at the latest', async () => {
  const { end } = await made({ model: '', system: 'Try me.' })
  expect(end).toMatchObject({ state: 'done', trial: true })
  expect((await show(end.model)).system).toBe('Try me.')
  // Not while it is on the list.
  await makings().clearTrials()
  await show(end.model)
  await makings().remove(end.id)
  await expect(show(end.model)).rejects.toMatchObject({ code: 'model-not-found' })
  expect((await show('hearth-demo')).size).toBeGreaterThan(0)
  // Nor with a process, but with the start of the next.
  const earlier = new Makings(hearth.hearth.library, hearth.home)
  const left = await made({ model: '' }, earlier)
  await earlier.close()
  await makings().clearTrials()
  await expect(show(left.end.model)).rejects.toMatchObject({ code: 'model-not-found' })
  expect(readdirSync(join(hearth.home, 'locks')).filter(name => name.startsWith('trial-'))).toEqual([])
})

// Whoever started a second Hearth took the model from under the hands of a person who was trying it in the first.
test('one that another Hearth tries is spared: of the same home as long as it lives, of another for a day', async () => {
  const other = new Makings(hearth.hearth.library, hearth.home)
  const { end } = await made({ model: '' }, other)
  await hearth.hearth.library.copy('hearth-demo', 'hearth-trial/foreign')
  await makings().clearTrials()
  await show(end.model)
  await show('hearth-trial/foreign')
  await other.remove(end.id)
  await other.close()
  const longAgo = Date.now() / 1000 - 25 * 3600
  const manifest = join(
    hearth.hearth.library.folder.manifests,
    'registry.ollama.ai',
    'hearth-trial',
    'foreign',
    'latest',
  )
  utimesSync(manifest, longAgo, longAgo)
  await makings().clearTrials()
  await expect(show('hearth-trial/foreign')).rejects.toMatchObject({ code: 'model-not-found' })
})

test('one that was tried and kept stays, and one that is gone already is no trouble', async () => {
  const { end } = await made({ model: '', system: 'Keep me.' })
  await hearth.hearth.library.copy(end.model, 'kept')
  await makings().remove(end.id)
  expect((await show('kept')).system).toBe('Keep me.')
  const second = await made({ model: '' })
  await hearth.hearth.library.remove(second.end.model)
  await makings().remove(second.end.id)
  expect(makings().list()).not.toContainEqual(expect.objectContaining({ id: second.end.id }))
})

test('of earlier attempts at a model nothing stays on the list, or a failure would stand beside the success', async () => {
  await made({ model: 'Again', base: { kind: 'model', model: 'nowhere' } })
  await made({ model: 'again' })
  expect(
    makings()
      .list()
      .filter(({ model }) => /^again$/i.test(model)),
  ).toMatchObject([{ state: 'done' }])
})

test.runIf(canMount)('a full disk ends it with nothing half-made, and it is made once there is room', async () => {
  const disk = new SmallDisk(16)
  const small = await startHearth({ OLLAMA_MODELS: disk.path })
  try {
    const { makings } = small.hearth
    const { token } = await makings.choices.offer(join(fixtures, 'tiny-chat-f16.gguf'))
    const wanted = { base: { kind: 'files', token } } as const
    const before = blobNames(disk.path)
    disk.leave(2_000_000)
    expect((await made(wanted, makings)).end).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } })
    expect(blobNames(disk.path)).toEqual(before)
    disk.free()
    expect((await made(wanted, makings)).end).toMatchObject({ state: 'done' })
  } finally {
    await small.end()
    disk.unmount()
  }
})

describe('one file of a folder stands for it', () => {
  const put = (where: string, ...names: string[]) => {
    mkdirSync(join(folder, where))
    for (const name of names) copyFileSync(join(fixtures, 'tiny-chat-hf', name), join(folder, where, name))
  }

  test('also where it is a setting', async () => {
    expect(await offer(fixtures, 'tiny-chat-hf', 'config.json')).toMatchObject({
      format: 'safetensors',
      kind: 'model',
      name: 'tiny-chat-hf',
    })
  })

  // Whatever else lay in the folder of downloads was taken in its place.
  test.each([
    ['weights of another name', ['model.safetensors', 'config.json'], 'other.safetensors'],
    ['an adapter beside a model', ['model.safetensors', 'config.json'], 'adapters.safetensors'],
    ['settings beside a GGUF', [], 'config.json'],
  ])('but not %s', async (where, names, dropped) => {
    put(where, ...names)
    const weights = join(fixtures, 'tiny-chat-hf', 'model.safetensors')
    copyFileSync(weights, join(folder, where, dropped))
    copyFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'), join(folder, where, 'tiny.gguf'))
    await expect(offer(folder, where, dropped)).rejects.toMatchObject({
      code: 'broken-model-file',
      message: `${dropped} is not one of the files of a model in its folder`,
    })
  })
})

test('what is broken off leaves nothing', async () => {
  const chosen = await offer(fixtures, 'tiny-embed.gguf')
  const before = blobNames(hearth.models)
  const base = { kind: 'files', token: chosen.token } as const
  const { id } = makings().start(order({ model: 'never', base, quantize: 'Q4_0' }))
  await makings().remove(id)
  expect(makings().list()).not.toContainEqual(expect.objectContaining({ id }))
  await expect(show('never')).rejects.toMatchObject({ code: 'model-not-found' })
  // A whole copy may stay for the minutes in which somebody may still ask for it.
  expect(blobNames(hearth.models).filter(name => !/^sha256-[0-9a-f]{64}$/.test(name))).toEqual([])
  expect(blobNames(hearth.models).length).toBeLessThanOrEqual(before.length + 1)
})

test('what is described outlives the process, with the files it is made from', async () => {
  const files = await offer(fixtures, 'tiny-chat-f16.gguf')
  const {
    base: _,
    model: name,
    adapter,
    ...told
  } = order({ system: 'Be brief.', messages: [{ role: 'user', content: 'Ahoy!' }] })
  const draft = {
    ...told,
    name,
    adapter: null,
    projector: null,
    base: { kind: 'files', files },
    wantedFile: '',
    wantedAdapter: '',
  } as const
  await makings().draft.keep({ ...draft, messages: [...draft.messages] })
  const path = join(hearth.home, 'making.json')
  const next = new Makings(hearth.hearth.library, hearth.home)
  await expect(next.choices.files(files.token)).rejects.toMatchObject({ code: 'not-found' })
  expect(await next.draft.read()).toEqual(draft)
  expect(await next.choices.files(files.token)).toMatchObject([{ name: 'tiny-chat-f16.gguf' }])
  writeFileSync(path, '{"draft":{"system":')
  expect(await next.draft.read()).toBeNull()
  await next.draft.keep(null)
  expect(await next.draft.read()).toBeNull()
})

test.each([
  [
    'a base that is not here is not looked for elsewhere',
    { base: { kind: 'model', model: 'nowhere' } },
    'model-not-found',
  ],
  ['files of an earlier session', { base: { kind: 'files', token: 'gone' } }, 'not-found'],
  ['a name that is none', { model: 'a b' }, 'invalid-request'],
  ['a precision that nobody knows', { quantize: 'Q99' }, 'invalid-request'],
  ['a model that has lost too much already', { quantize: 'Q4_K_M' }, 'invalid-request'],
  ['a template that is none', { template: '{{ if }}' }, 'invalid-request'],
] as const)('%s fails with a problem', async (_, over, code) => {
  const { end } = await made(over)
  expect(end).toMatchObject({ state: 'failed', problem: { code } })
})

describe('what a person points at', () => {
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }

  test.each([
    ['a text', () => write('text.gguf', 'no model'), 'text.gguf', 'broken-model-file'],
    ['an empty file', () => write('empty.gguf', ''), 'empty.gguf', 'broken-model-file'],
    ['a folder without a model', () => write('bare/readme.txt', 'hello'), 'bare', 'broken-model-file'],
    [
      'a part without the others',
      () => part('whole-00001-of-00002.gguf'),
      'whole-00001-of-00002.gguf',
      'broken-model-file',
    ],
    ['what is gone', () => undefined, 'gone.gguf', 'file-unreadable'],
  ])('%s is refused', async (_, prepare, name, code) => {
    prepare()
    await expect(offer(folder, name)).rejects.toMatchObject({ code })
  })

  const part = (name: string) => copyFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'), join(folder, name))
})
