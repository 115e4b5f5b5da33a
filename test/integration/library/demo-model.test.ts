import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { installDemoModel } from '../../../main/library/demo-model.ts'
import { Library } from '../../../main/library/library.ts'
import { displayShortest } from '../../../main/library/model-name.ts'
import {
  blobNames,
  chunks,
  eachInTemporaryFolder,
  fixture,
  fixtures,
  putBlob,
  sha256,
  snapshot,
} from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
const shippedFile = join(fixtures, 'tiny-chat-q8_0.gguf')
const laterFile = join(fixtures, 'tiny-chat-f16.gguf')
let library: Library
let home: string
let models: string
beforeEach(() => {
  models = join(folder.path, 'models')
  home = join(folder.path, 'home')
  library = new Library({ modelsFolder: models })
})

/** As at a start: a library that knows nothing from before. */
const start = (shipped = shippedFile) => {
  library = new Library({ modelsFolder: models })
  return installDemoModel(library, shipped, home)
}
const names = async () => (await library.list()).map(model => displayShortest(model.name)).sort()

describe('the demo model', () => {
  it('is there after the first start, with its licence, and every file is one Ollama knows', async () => {
    expect(await start()).toBe('installed')
    const model = await library.get('hearth-demo')
    expect(sha256(readFileSync(model.modelPath!))).toBe(sha256(readFileSync(shippedFile)))
    expect(model.licenses[0]).toContain('MIT')
    expect(model.parameters).toEqual({ num_predict: 512, temperature: 0 })
    expect((await library.facts(model.modelPath!)).chatTemplate).toContain('<|im_start|>')
    expect(
      Object.keys(snapshot(models)).every(path =>
        /^(blobs\/sha256-[0-9a-f]{64}|manifests\/registry.ollama.ai\/library\/hearth-demo\/latest)$/.test(path),
      ),
    ).toBe(true)
  })

  it('costs a few looks at files at later starts: the model is not read, nothing is written', async () => {
    const shipped = join(folder.path, 'demo.gguf')
    const built = new Date('2026-01-01')
    copyFileSync(shippedFile, shipped)
    utimesSync(shipped, built, built)
    await start(shipped)
    const before = snapshot(folder.path)
    const state = () =>
      statSync(join(models, 'manifests/registry.ollama.ai/library/hearth-demo/latest'), { bigint: true })
    const { mtimeNs, ino } = state()
    // Other bytes under the same size and time would be noticed by reading them, and only so.
    writeFileSync(shipped, Buffer.alloc(statSync(shipped).size))
    utimesSync(shipped, built, built)
    expect(await start(shipped)).toBe('present')
    expect([state().mtimeNs, state().ino]).toEqual([mtimeNs, ino])
    expect({ ...snapshot(folder.path), 'demo.gguf': '' }).toEqual({ ...before, 'demo.gguf': '' })
  })

  it('is not written again when only the shipped file is younger, as after an update', async () => {
    await start()
    const shipped = join(folder.path, 'demo.gguf')
    copyFileSync(shippedFile, shipped)
    utimesSync(shipped, new Date(), new Date(Date.now() + 60_000))
    const before = snapshot(models)
    expect(await start(shipped)).toBe('present')
    expect(snapshot(models)).toEqual(before)
    expect(await start(shipped)).toBe('present')
  })

  it('stays deleted, even when it was the only model', async () => {
    await start()
    await library.remove('hearth-demo')
    expect(await start()).toBe('deleted')
    expect(await start(laterFile)).toBe('deleted')
    expect(await names()).toEqual([])
    expect(blobNames(models)).toEqual([])
  })

  it('stays deleted when another program deleted it', async () => {
    await start()
    rmSync(join(models, 'manifests/registry.ollama.ai'), { recursive: true })
    expect(await start()).toBe('deleted')
  })

  it('comes back into a folder that was emptied as a whole, and into another folder', async () => {
    await start()
    rmSync(models, { recursive: true })
    expect(await start()).toBe('installed')
    await library.remove('hearth-demo')
    models = join(folder.path, 'other')
    expect(await start()).toBe('installed')
    models = join(folder.path, 'models')
    expect(await start()).toBe('deleted')
  })

  it('gives way to that of a later Hearth', async () => {
    await start()
    expect(await start(laterFile)).toBe('replaced')
    const model = await library.get('hearth-demo')
    expect(sha256(readFileSync(model.modelPath!))).toBe(sha256(readFileSync(laterFile)))
    expect(blobNames(models)).not.toContain(`sha256-${sha256(fixture('tiny-chat-q8_0.gguf'))}`)
    expect(await start(laterFile)).toBe('present')
  })

  it('gives way also when Hearth has forgotten that it installed it', async () => {
    await start()
    rmSync(home, { recursive: true })
    expect(await start(laterFile)).toBe('replaced')
    rmSync(home, { recursive: true })
    expect(await start(laterFile)).toBe('present')
  })

  it('never takes the place of a model the person made under its name', async () => {
    await start()
    await library.create({ model: 'hearth-demo', from: 'hearth-demo', system: 'mine' })
    expect(await start()).toBe('other-model')
    expect(await start(laterFile)).toBe('other-model')
    expect((await library.get('hearth-demo')).system).toBe('mine')
  })

  it('is mended when its manifest or its weights are damaged', async () => {
    await start()
    writeFileSync(join(models, 'manifests/registry.ollama.ai/library/hearth-demo/latest'), '{"half')
    expect(await start()).toBe('replaced')
    rmSync((await library.get('hearth-demo')).modelPath!)
    expect(await start()).toBe('replaced')
    expect(await start()).toBe('present')
    expect(sha256(readFileSync((await library.get('hearth-demo')).modelPath!))).toBe(sha256(readFileSync(shippedFile)))
  })

  it('survives a memory that is damaged', async () => {
    await start()
    for (const text of ['', '{', '[]', '{"x":1}', 'null']) {
      writeFileSync(join(home, 'demo-model.json'), text)
      expect(await start()).toBe('present')
    }
  })

  it('shares its weights with a person who already has them', async () => {
    const { digest } = await library.blobs.write(chunks(fixture('tiny-chat-q8_0.gguf')))
    await library.create({ model: 'mine', files: { 'm.gguf': digest } })
    expect(await start()).toBe('installed')
    await library.remove('mine')
    expect(await start()).toBe('present')
    expect(sha256(readFileSync((await library.get('hearth-demo')).modelPath!))).toBe(sha256(readFileSync(shippedFile)))
  })

  it('tells that the shipped file is missing, and leaves what is there', async () => {
    await start()
    await expect(start(join(folder.path, 'none.gguf'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await names()).toEqual(['hearth-demo:latest'])
  })

  it('is installed once by two starts at once', async () => {
    mkdirSync(models)
    putBlob(models, 'any', 'something')
    const outcomes = await Promise.all([start(), start()])
    expect(outcomes).toContain('installed')
    expect(await names()).toEqual(['hearth-demo:latest'])
    expect(await start()).toBe('present')
  })
})
