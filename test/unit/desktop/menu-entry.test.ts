import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MenuEntry } from '../../../main/desktop/menu-entry.ts'
import type { Packaging } from '../../../main/desktop/packaging.ts'

const project = join(import.meta.dirname, '..', '..', '..')
let folder: string
let dataHome: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hearth's menu $1 "))
  dataHome = join(folder, 'share')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const icon = join(project, 'assets', 'icons', '256x256.png')
const menu = (packaging: Packaging, program = '/nowhere') => new MenuEntry({ packaging, program, icon, dataHome })
const entry = () => readFileSync(join(dataHome, 'applications', 'hearth-app.desktop'), 'utf8')
const files = () =>
  readdirSync(dataHome, { recursive: true, withFileTypes: true })
    .filter(file => file.isFile())
    .map(({ name }) => name)

function image(name: string): string {
  const file = join(folder, name)
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o755)
  return file
}

test('an AppImage lays its entry, icon and file type, and takes all away again', async () => {
  const appImage = menu({ kind: 'appimage', file: image('Hearth 100%.AppImage') })
  expect(appImage.look()).toBe('none')
  await Promise.all([appImage.change(true), appImage.change(true)])
  expect(appImage.look()).toBe('this')
  expect(files()).toEqual(expect.arrayContaining(['hearth-app.desktop', 'hearth-app.png', 'hearth-app.xml']))
  await appImage.change(false)
  expect(appImage.look()).toBe('none')
  expect(files().filter(name => name.startsWith('hearth-app'))).toEqual([])
})

// A path with a space, a dollar or a percent sign would start nothing, or something else.
test('names the program so that a desktop finds it, whatever its path holds', async () => {
  const file = image('Hearth 100% "new".AppImage')
  await menu({ kind: 'appimage', file }).change(true)
  const started = /^Exec="(.*)" %U$/m.exec(entry())?.[1] as string
  const read = started
    .replaceAll('%%', '%')
    .replaceAll('\\\\', '\\')
    .replace(/\\(["`$\\])/g, '$1')
  expect(read).toBe(file)
  expect(entry()).toContain(`TryExec=${file}\n`)
})

test('another copy’s entry is left until the person chooses, and followed to where the program went', async () => {
  const old = image('Hearth-0.1.0.AppImage')
  await menu({ kind: 'appimage', file: old }).change(true)
  const unpacked = menu({ kind: 'folder' }, image('hearth-app'))
  await unpacked.repair()
  expect(unpacked.look()).toBe('other')
  const updated = join(folder, 'Hearth-0.2.0.AppImage')
  renameSync(old, updated)
  const now = menu({ kind: 'appimage', file: updated })
  await now.repair()
  expect(now.look()).toBe('this')
})

test('packages, macOS and Windows see to it themselves', async () => {
  for (const kind of ['source', 'mac', 'installer', 'portable'] as const) {
    const other = menu({ kind })
    expect(other.look()).toBeNull()
    await other.change(true)
  }
  expect(existsSync(dataHome)).toBe(false)
})

// Two entries for one program: what one says of it, the other must.
test('says what the entry of the packages says', async () => {
  await menu({ kind: 'folder' }, image('hearth-app')).change(true)
  const packages = readFileSync(join(project, 'electron-builder.yml'), 'utf8')
  for (const name of ['Comment[zh_CN]', 'Keywords']) {
    const value = entry()
      .split('\n')
      .find(line => line.startsWith(`${name}=`))
      ?.slice(name.length + 1)
    expect(packages).toContain(`${name}: ${value}`)
  }
})

test.runIf(existsSync('/usr/bin/desktop-file-validate'))('keeps to the Desktop Entry Specification', async () => {
  await menu({ kind: 'appimage', file: image('Hearth.AppImage') }).change(true)
  execFileSync('desktop-file-validate', [join(dataHome, 'applications', 'hearth-app.desktop')], { stdio: 'pipe' })
})
