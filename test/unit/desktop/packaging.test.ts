import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packagingOf } from '../../../main/desktop/packaging.ts'

let resources: string

beforeEach(() => {
  resources = mkdtempSync(join(tmpdir(), 'hearth-packaging-'))
})

afterEach(() => {
  rmSync(resources, { recursive: true, force: true })
})

const kindOf = (platform: string, program: string, env: NodeJS.ProcessEnv = {}) =>
  packagingOf({ packed: true, platform, program, resources, env })

// An updater of another kind would replace files that are not its own.
test.each([
  ['deb', { kind: 'package', format: 'deb' }],
  ['rpm', { kind: 'package', format: 'rpm' }],
  ['other', { kind: 'folder' }],
])('a package that says %s is told by that', (mark, packaging) => {
  writeFileSync(join(resources, 'package-type'), `${mark}\n`)
  expect(kindOf('linux', '/opt/Hearth/hearth-app')).toEqual(packaging)
})

test('an unpacked folder, a Mac, Windows installed and portable, and the source are told apart', () => {
  expect(kindOf('linux', '/home/me/Hearth/hearth-app')).toEqual({ kind: 'folder' })
  expect(kindOf('darwin', '/Applications/Hearth.app/Contents/MacOS/Hearth')).toEqual({ kind: 'mac' })
  expect(kindOf('win32', 'C:\\Hearth\\Hearth.exe')).toEqual({ kind: 'installer' })
  expect(kindOf('win32', 'C:\\Temp\\Hearth.exe', { PORTABLE_EXECUTABLE_FILE: 'D:\\h.exe' })).toEqual({
    kind: 'portable',
  })
  expect(packagingOf({ packed: false, platform: 'linux', program: '', resources, env: {} })).toEqual({ kind: 'source' })
})

// A terminal that is an AppImage itself hands its own APPIMAGE down: the command would start that one.
test('an AppImage counts only when this program lies in its mount', () => {
  const env = { APPIMAGE: '/home/me/Hearth.AppImage', APPDIR: '/tmp/.mount_Hearth1' }
  expect(kindOf('linux', '/tmp/.mount_Hearth1/hearth-app', env)).toEqual({
    kind: 'appimage',
    file: '/home/me/Hearth.AppImage',
  })
  expect(kindOf('linux', '/tmp/.mount_Hearth12/hearth-app', env)).toEqual({ kind: 'folder' })
})
