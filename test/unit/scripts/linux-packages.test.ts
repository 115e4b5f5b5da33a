import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { atLeast } from '../../../scripts/dist/gpu.ts'
import { writeDeb } from '../../../scripts/linux-packages/deb.ts'
import type { LinuxPackage } from '../../../scripts/linux-packages/package.ts'
import { spec } from '../../../scripts/linux-packages/rpm.ts'
import { writeTarGz } from '../../../scripts/linux-packages/tar-gz.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-package-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const wanted = (): LinuxPackage => ({
  name: 'hearth-example',
  version: '1.0.0~beta.1',
  architecture: 'amd64',
  maintainer: 'The Hearth authors <authors@hearth.example>',
  homepage: 'https://hearth.example/',
  license: 'MIT',
  category: 'utils',
  synopsis: 'An example, 100 % free',
  description: 'First paragraph.\n\nSecond paragraph.',
  depends: ['libc6', 'libgtk-3-0 | libgtk-3-0t64'],
  recommends: [],
  afterInstall: '#!/bin/sh\ntrue\n',
  files: [
    { from: `${join(folder, 'app')}/`, to: '/opt/Example' },
    { from: join(folder, 'app', 'program'), to: '/usr/bin/example' },
  ],
  compression: 'fast',
  path: join(folder, 'example.deb'),
})

const dpkgDeb = (...args: string[]) => execFileSync('dpkg-deb', args, { encoding: 'utf8' })

// A file only its builder could read, or an empty line in the description, makes a package that does not install.
test.runIf(process.platform === 'linux')(
  'a deb has its fields, its files with their modes, and its scripts',
  async () => {
    mkdirSync(join(folder, 'app'))
    writeFileSync(join(folder, 'app', 'program'), '#!/bin/sh\n')
    writeFileSync(join(folder, 'app', 'data %1'), 'data')
    chmodSync(join(folder, 'app', 'program'), 0o700)
    chmodSync(join(folder, 'app', 'data %1'), 0o600)
    await writeDeb(wanted())

    const deb = join(folder, 'example.deb')
    expect(dpkgDeb('--field', deb)).toBe(
      [
        'Package: hearth-example',
        'Version: 1.0.0~beta.1',
        'Section: utils',
        'Priority: optional',
        'Architecture: amd64',
        'Depends: libc6, libgtk-3-0 | libgtk-3-0t64',
        'Installed-Size: 3',
        'Maintainer: The Hearth authors <authors@hearth.example>',
        'Homepage: https://hearth.example/',
        'Description: An example, 100 % free',
        ' First paragraph.',
        ' .',
        ' Second paragraph.',
        '',
      ].join('\n'),
    )
    const files = dpkgDeb('--contents', deb).trim().split('\n')
    expect(files.map(line => line.replace(/ +\d+ \S+ \S+ /, ' '))).toEqual([
      'drwxr-xr-x root/root ./',
      'drwxr-xr-x root/root ./opt/',
      'drwxr-xr-x root/root ./opt/Example/',
      '-rw-r--r-- root/root ./opt/Example/data %1',
      '-rwxr-xr-x root/root ./opt/Example/program',
      'drwxr-xr-x root/root ./usr/',
      'drwxr-xr-x root/root ./usr/bin/',
      '-rwxr-xr-x root/root ./usr/bin/example',
    ])
    expect(dpkgDeb('--info', deb, 'postinst')).toBe('#!/bin/sh\ntrue\n')
  },
)

// An unescaped % is a macro to rpmbuild; folders that nobody owns stay behind for ever.
test('an rpm takes names as they are and owns its folders', () => {
  const text = spec(wanted(), ['/opt/Example/data %1', '/opt/Example/sub/file', '/usr/bin/example'])
  expect(text.slice(text.indexOf('%files'))).toBe(
    [
      '%files',
      '%defattr(-,root,root)',
      '%dir "/opt/Example"',
      '%dir "/opt/Example/sub"',
      '"/opt/Example/data %%1"',
      '"/opt/Example/sub/file"',
      '"/usr/bin/example"',
      '',
    ].join('\n'),
  )
  expect(text).toContain('Summary: An example, 100 %% free\n')
  expect(text).toContain('\n%post\n#!/bin/sh\ntrue\n')
})

// Beside an older Hearth its llama.cpp would be another one, and be left aside without a word.
test('a package for graphics cards wants a Hearth at least as new', () => {
  expect(atLeast('deb', '1.0.0-beta.1')).toBe('hearth (>= 1.0.0~beta.1)')
  expect(atLeast('rpm', '1.0.0')).toBe('hearth >= 1.0.0')
})

// electron-builder and the desktop find the version and the program by these; a release that forgot one looks old.
test('the entry for software centres knows the present version', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '..', '..', '..', path), 'utf8')
  const { version, homepage, desktopName } = JSON.parse(read('package.json'))
  const entry = read('assets/linux/app.hearth.desktop.metainfo.xml')
  expect(entry).toContain(`<release version="${version}"`)
  expect(entry).toContain(`<url type="homepage">${homepage}</url>`)
  expect(entry).toContain(`<launchable type="desktop-id">${desktopName}</launchable>`)
})

// An unpacked folder that says it came as a deb would update itself as one.
test.runIf(process.platform === 'linux')(
  'a tar.gz unpacks into one folder, and brings nothing along that other packages update themselves by',
  async () => {
    mkdirSync(join(folder, 'app', 'resources'), { recursive: true })
    for (const name of ['hearth-app', 'resources/app.asar', 'resources/app-update.yml', 'resources/package-type']) {
      writeFileSync(join(folder, 'app', name), name)
    }
    const path = join(folder, 'app.tar.gz')
    await writeTarGz(join(folder, 'app'), path, { top: 'Hearth-1.0.0', compression: 'fast' })
    const listed = execFileSync('tar', ['--list', '--gzip', '--file', path], { encoding: 'utf8' })
    expect(listed.trim().split('\n')).toEqual([
      'Hearth-1.0.0/',
      'Hearth-1.0.0/hearth-app',
      'Hearth-1.0.0/resources/',
      'Hearth-1.0.0/resources/app.asar',
    ])
  },
)
