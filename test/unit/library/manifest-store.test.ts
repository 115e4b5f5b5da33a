import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ManifestStore } from '../../../main/library/manifest-store.ts'
import { fullName, parseModelName } from '../../../main/library/model-name.ts'
import { ModelsFolder } from '../../../main/library/models-folder.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const nameOf = (text: string) => parseModelName(text)!
const manifest = Buffer.from('{"schemaVersion":2}')

// Windows makes no folder with a colon in its name: every model of a registry with a port was refused there.
test.each<[NodeJS.Platform, string]>([
  ['win32', 'localhost%5000'],
  ['linux', 'localhost:5000'],
  ['darwin', 'localhost:5000'],
])('on %s a registry’s port is in the folder %s, and in the name as ever', async (platform, registry) => {
  const root = temporaryHome()
  const store = new ManifestStore(new ModelsFolder(root, false, platform))
  const name = nameOf('localhost:5000/Person/model:tag')
  await store.write(name, manifest)
  expect(existsSync(join(root, 'manifests', registry, 'Person', 'model', 'tag'))).toBe(true)
  expect((await store.scan()).names.map(fullName)).toEqual(['localhost:5000/Person/model:tag'])
  expect(fullName((await store.find(nameOf('LOCALHOST:5000/person/MODEL:tag')))!)).toBe(fullName(name))
  expect(fullName(await store.canonical(nameOf('LOCALHOST:5000/person/other')))).toBe(
    'localhost:5000/Person/other:latest',
  )
  expect((await store.bytes(name))?.equals(manifest)).toBe(true)
  expect(await store.remove(name)).toBe(true)
  expect((await store.scan()).names).toEqual([])
})

// A host may have 350 characters, a file's name 255: whoever asked for one heard of the file system.
test('a name that no disk can hold is not there', async () => {
  const store = new ManifestStore(new ModelsFolder(temporaryHome()))
  await store.write(nameOf('model'), manifest)
  expect(await store.find(nameOf(`${'a'.repeat(300)}.org/person/model`))).toBeUndefined()
})

// What stands for the colon on Windows is nobody's name elsewhere: it would be listed, and never found.
test('elsewhere a folder with the sign for a port is no registry', async () => {
  const root = temporaryHome()
  const folder = join(root, 'manifests', 'localhost%5000', 'person', 'model')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'tag'), manifest)
  const { names, warnings } = await new ManifestStore(new ModelsFolder(root, false, 'linux')).scan()
  expect(names).toEqual([])
  expect(warnings).toMatchObject([{ path: join(folder, 'tag') }])
})
