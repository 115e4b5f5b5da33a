import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { displayShortest } from '../../../main/library/model-name.ts'
import {
  age,
  blobNames,
  eachInTemporaryFolder,
  manifestType,
  problem,
  putBlob,
  putManifest,
  putModel,
  sha256,
  snapshot,
} from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
let library: Library
beforeEach(() => {
  library = new Library({ modelsFolder: folder.path })
})

const blob = (content: string) => `sha256-${sha256(content)}`
const names = async () => (await library.list()).map(model => displayShortest(model.name)).sort()
const put = (path: string, ...layers: [string, string][]) => putModel(folder.path, { path, layers })

describe('remove', () => {
  it('deletes the manifest, the folders it leaves empty, and the blobs only it needed', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'shared'], ['system', 'only a'])
    put('registry.ollama.ai/library/b/latest', ['model', 'shared'], ['system', 'only b'])
    put('hf.co/user/repo/q4', ['model', 'far'])
    await library.remove('A')
    expect(await names()).toEqual(['b:latest', 'hf.co/user/repo:q4'])
    expect(blobNames(folder.path)).not.toContain(blob('only a'))
    expect(blobNames(folder.path)).toEqual(expect.arrayContaining([blob('shared'), blob('only b')]))
    await library.remove('hf.co/user/repo:q4')
    expect(readdirSync(join(folder.path, 'manifests'))).toEqual(['registry.ollama.ai'])
    await library.remove('b')
    expect(snapshot(folder.path)).toEqual({})
    expect(readdirSync(join(folder.path, 'manifests'))).toEqual([])
  })

  it.each([
    ['', 'invalid-request', 400, 'model is required'],
    [' ', 'invalid-request', 400, 'model is required'],
    ['a b', 'invalid-request', 400, 'name "a b" is invalid'],
    ['../../x', 'invalid-request', 400, 'name "../../x" is invalid'],
    ['nope', 'model-not-found', 404, "model 'nope' not found"],
  ])('refuses %j', async (name, code, status, message) => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    await expect(library.remove(name)).rejects.toEqual(problem(code, status, message))
    expect(await names()).toEqual(['a:latest'])
  })

  it('finds the stub of a cloud model by either spelling', async () => {
    for (const name of ['m:8b:cloud', 'm:8b-cloud']) {
      put('registry.ollama.ai/library/m/8b-cloud', ['system', 's'])
      await library.remove(name)
      expect(await names()).toEqual([])
    }
  })

  it('deletes a broken model too', async () => {
    putManifest(folder.path, 'registry.ollama.ai/library/a/latest', '{"broken')
    await library.remove('a')
    expect(snapshot(folder.path)).toEqual({})
  })

  it('happens once when it is asked for twice at once', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    const results = await Promise.allSettled([library.remove('a'), library.remove('A')])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  // What a manifest refers to that this Hearth cannot read is unknown; its weights must not go with another model.
  it.each<[string, () => void]>([
    [
      'a truncated manifest that names it',
      () => putManifest(folder.path, 'h/n/m/t', `{"layers":[{"digest":"sha256:${sha256('shared')}"`),
    ],
    ['an oddly named one', () => putManifest(folder.path, 'h/n/m/not a tag', `{"x":"sha256-${sha256('shared')}"}`)],
    [
      'a list of manifests',
      () =>
        putManifest(
          folder.path,
          'h/n/m/t',
          JSON.stringify({ mediaType: manifestType.replace('manifest.v2', 'manifest.list.v2'), manifests: [] }),
        ),
    ],
    ['a later kind of manifests folder', () => mkdirSync(join(folder.path, 'manifests-v2'))],
    ['a deeper folder', () => mkdirSync(join(folder.path, 'manifests/h/n/m/t'), { recursive: true })],
    [
      'a link to elsewhere',
      () => {
        mkdirSync(join(folder.path, 'manifests/h'), { recursive: true })
        symlinkSync('/etc', join(folder.path, 'manifests/h/n'))
      },
    ],
  ])('keeps a blob when there is %s', async (_, prepare) => {
    put('registry.ollama.ai/library/a/latest', ['model', 'shared'])
    prepare()
    await library.remove('a')
    expect(blobNames(folder.path)).toContain(blob('shared'))
    expect(await names()).toEqual([])
  })

  it('does not follow a link out of the folder to delete', async () => {
    const outside = join(folder.path, 'outside/m')
    mkdirSync(outside, { recursive: true })
    writeFileSync(join(outside, 'latest'), '{}')
    mkdirSync(join(folder.path, 'manifests/registry.ollama.ai'), { recursive: true })
    symlinkSync(join(folder.path, 'outside'), join(folder.path, 'manifests/registry.ollama.ai/library'))
    await expect(library.remove('m')).rejects.toEqual(problem('model-not-found', 404, "model 'm' not found"))
    expect(readdirSync(outside)).toEqual(['latest'])
  })
})

describe('copy', () => {
  it('copies the manifest byte for byte, nothing else', async () => {
    const bytes = put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    const before = blobNames(folder.path)
    await library.copy('A', 'Mike/B:v1')
    expect((await library.get('mike/b:V1')).digest).toBe(sha256(bytes))
    expect(blobNames(folder.path)).toEqual(before)
    await library.remove('a')
    expect((await library.get('mike/b:v1')).digest).toBe(sha256(bytes))
    expect(blobNames(folder.path)).toEqual(before)
  })

  it('replaces what was there and clears what only that needed', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    put('registry.ollama.ai/library/b/latest', ['model', 'old'])
    await library.copy('a', 'B')
    expect(await names()).toEqual(['a:latest', 'b:latest'])
    expect(blobNames(folder.path)).not.toContain(blob('old'))
  })

  it('spells each part of the new name as stored names do', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    await library.copy('a', 'A:Other')
    await library.copy('a', 'b:OTHER')
    expect(await names()).toEqual(['a:Other', 'a:latest', 'b:Other'])
  })

  it('onto itself does nothing', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    const before = snapshot(folder.path)
    await library.copy('a', 'A:LATEST')
    expect(snapshot(folder.path)).toEqual(before)
  })

  it('both ways at once does not wait for ever', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'wa'])
    put('registry.ollama.ai/library/b/latest', ['model', 'wb'])
    await Promise.all([
      library.copy('a', 'b'),
      library.copy('b', 'a'),
      library.copy('a', 'c'),
      library.copy('c', 'a').catch(() => undefined),
    ])
    expect(await names()).toEqual(['a:latest', 'b:latest', 'c:latest'])
  })

  it.each([
    ['', 'b', 'invalid-request', 400, 'source "" is invalid'],
    ['a b', 'b', 'invalid-request', 400, 'source "a b" is invalid'],
    ['a', '', 'invalid-request', 400, 'destination "" is invalid'],
    ['a', '../b', 'invalid-request', 400, 'destination "../b" is invalid'],
    ['nope', 'b', 'model-not-found', 404, 'model "nope" not found'],
  ])('refuses %j to %j', async (source, destination, code, status, message) => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    await expect(library.copy(source, destination)).rejects.toEqual(problem(code, status, message))
  })
})

describe('prune', () => {
  const path = (name: string) => join(folder.path, 'blobs', name)
  const stray = (name: string, hours: number) => {
    mkdirSync(join(folder.path, 'blobs'), { recursive: true })
    writeFileSync(path(name), 'x')
    age(path(name), hours)
  }
  const unreferenced = (content: string, hours: number) => {
    putBlob(folder.path, 'any', content)
    age(path(blob(content)), hours)
  }

  it('clears away what is old and nobody refers to, and nothing else', async () => {
    put('registry.ollama.ai/library/a/latest', ['model', 'w'])
    for (const name of blobNames(folder.path)) age(path(name), 100)
    unreferenced('old', 24 * 8)
    unreferenced('whole layer of the paused', 48)
    stray('sha256-1234567890', 2)
    stray(`${blob('paused')}-partial`, 48)
    stray(`${blob('paused')}-partial-0`, 48)
    stray(`${blob('paused')}-partial-1`, 24 * 9)
    stray(`${blob('paused')}-lock`, 48)
    stray(`${blob('killed')}-lock`, 2)
    stray(`${blob('forgotten')}-partial`, 24 * 8)
    stray(`${blob('forgotten')}-partial-12`, 24 * 8)
    stray('notes of a person.txt', 1000)
    mkdirSync(path('folder'))
    symlinkSync('/etc/hostname', path('sha256-link'))
    mkdirSync(join(folder.path, 'manifests/old/empty/folders'), { recursive: true })
    mkdirSync(join(folder.path, 'manifests/new/empty/folders'), { recursive: true })
    for (const name of ['old/empty/folders', 'old/empty', 'old']) age(join(folder.path, 'manifests', name), 2)
    writeFileSync(join(folder.path, 'manifests/.manifest-0011'), 'x')
    age(join(folder.path, 'manifests/.manifest-0011'), 2)
    const kept = blobNames(folder.path).filter(
      name =>
        ![blob('old'), 'sha256-1234567890', `${blob('killed')}-lock`].includes(name) &&
        !name.startsWith(blob('forgotten')),
    )

    const { removed, skipped } = await library.prune()
    expect(skipped).toBeUndefined()
    expect(removed.map(name => name.slice(folder.path.length + 1)).sort()).toEqual(
      [
        `blobs/${blob('old')}`,
        'blobs/sha256-1234567890',
        `blobs/${blob('killed')}-lock`,
        `blobs/${blob('forgotten')}-partial`,
        `blobs/${blob('forgotten')}-partial-12`,
        'manifests/.manifest-0011',
      ].sort(),
    )
    expect(blobNames(folder.path)).toEqual(kept)
    expect(readdirSync(join(folder.path, 'manifests')).sort()).toEqual(['new', 'registry.ollama.ai'])
    expect(await names()).toEqual(['a:latest'])
  })

  it('clears away an unreferenced blob after an hour when no download is interrupted', async () => {
    unreferenced('old', 2)
    unreferenced('wanted', 24 * 30)
    stray(`${blob('begun')}-partial`, 24 * 30)
    const keep = new Set(['wanted', 'begun'].map(content => `sha256:${sha256(content)}`))
    expect(await library.prune(keep)).toEqual({ removed: [path(blob('old'))] })
  })

  // An Ollama pulls a model of several files for hours: the first ones are old, and not referenced by anything yet.
  it.each([[`${blob('now')}-partial`], [`${blob('now')}-partial-3`], ['sha256-987654321'], [blob('a moment ago')]])(
    'leaves all blobs alone while something is fresh that is unfinished, or not referenced: %s',
    async name => {
      unreferenced('first file of the pull', 5)
      stray(name, 0.1)
      expect(await library.prune()).toEqual({ removed: [], skipped: 'folder-in-use' })
      expect(blobNames(folder.path)).toContain(blob('first file of the pull'))
    },
  )

  it.each<[string, () => void]>([
    ['a later manifests folder is there', () => mkdirSync(join(folder.path, 'manifests-v2'))],
    [
      'a manifest list is there',
      () => putManifest(folder.path, 'h/n/m/t', '{"mediaType":"application/vnd.ollama.manifest.list.v2+json"}'),
    ],
  ])('leaves all blobs alone when %s', async (_, prepare) => {
    unreferenced('old', 5)
    prepare()
    expect(await library.prune()).toEqual({ removed: [], skipped: 'references-unknown' })
  })

  it('counts what a broken manifest names as needed', async () => {
    unreferenced('old', 5)
    putManifest(folder.path, 'h/n/m/t', `{"layers":[{"digest":"sha256:${sha256('old')}",`)
    expect(await library.prune()).toEqual({ removed: [] })
  })

  it('gives blobs of the first versions their later names', async () => {
    const weights = putBlob(folder.path, 'any', 'w')
    const { renameSync } = await import('node:fs')
    renameSync(path(blob('w')), path(weights.digest))
    put('registry.ollama.ai/library/a/latest', ['system', 's'])
    await library.prune()
    expect(blobNames(folder.path)).toContain(blob('w'))
  })

  it('does nothing when it is turned off, or when there is no folder', async () => {
    unreferenced('old', 5)
    expect(await new Library({ modelsFolder: folder.path, pruning: false }).prune()).toEqual({ removed: [] })
    expect(blobNames(folder.path)).toEqual([blob('old')])
    expect(await new Library({ modelsFolder: join(folder.path, 'none') }).prune()).toEqual({ removed: [] })
  })
})
