import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CommandOnPath, linkScript, unlinkScript } from '../../../main/desktop/command-on-path.ts'
import type { Packaging } from '../../../main/desktop/packaging.ts'

let folder: string
let home: string
let at: string
/** What the terminal looks in. */
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hearth's command "))
  home = join(folder, 'home')
  at = join(home, '.local', 'bin', 'hearth')
  path = `/nowhere:${dirname(at)}`
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A copy of Hearth in a folder: its program is the launcher itself, which says where it lies. */
function resourcesOf(name: string): string {
  const resources = join(folder, name, 'resources')
  program(join(resources, 'bin', 'hearth'), `echo ${name}`)
  return resources
}

function program(file: string, words: string): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${words}\n`)
  chmodSync(file, 0o755)
  return file
}

const command = (packaging: Packaging, resources = '/mount/resources') =>
  new CommandOnPath({ packaging, resources, userHome: home, terminalPath: async () => path })

const runIt = (...words: string[]) => execFileSync(at, words, { encoding: 'utf8' })

describe.runIf(process.platform !== 'win32')('the command of an unpacked folder', () => {
  const folderKind = { kind: 'folder' } as const

  test('is laid as a link, found by the terminal, and taken away again', async () => {
    const mine = command(folderKind, resourcesOf('mine'))
    expect(await mine.look()).toEqual({ path: at, laid: 'nothing', found: null, works: false, changeable: true })
    await Promise.all([mine.install(), mine.install()])
    expect(await mine.look()).toEqual({ path: at, laid: 'this', found: at, works: true, changeable: true })
    expect(runIt()).toBe('mine\n')
    await mine.remove()
    await mine.remove()
    expect(readdirSync(dirname(at))).toEqual([])
  })

  // "Installed" would be a lie that the person meets in the terminal.
  test('says when no terminal looks there, and when one finds another first', async () => {
    const mine = command(folderKind, resourcesOf('mine'))
    await mine.install()
    path = '/nowhere'
    expect(await mine.look()).toMatchObject({ laid: 'this', found: null, works: false })
    const other = program(join(folder, 'first', 'hearth'), 'true')
    path = `${join(folder, 'first')}:${dirname(at)}`
    expect(await mine.look()).toMatchObject({ laid: 'this', found: other, works: false })
  })

  test.each([
    ['a program', () => void program(at, 'echo foreign')],
    ['a link elsewhere', () => symlinkSync(program(join(folder, 'theirs'), 'echo foreign'), at)],
    ['a link to nothing', () => symlinkSync('/nowhere/at/all', at)],
    ['a folder', () => void mkdirSync(at)],
  ])('never gives way to Hearth when it is %s of somebody else', async (_, make) => {
    mkdirSync(dirname(at), { recursive: true })
    make()
    const mine = command(folderKind, resourcesOf('mine'))
    expect(await mine.look()).toMatchObject({ laid: 'foreign', works: false })
    await expect(mine.install()).rejects.toMatchObject({ code: 'command-taken' })
    await mine.remove()
    expect((await mine.look())?.laid).toBe('foreign')
  })

  test('takes the place of another copy on request, and by itself once that is gone', async () => {
    const other = command(folderKind, resourcesOf('other'))
    const mine = command(folderKind, resourcesOf('mine'))
    await other.install()
    expect(await mine.look()).toMatchObject({ laid: 'other-hearth', works: false })
    await mine.repair()
    expect(runIt()).toBe('other\n')
    await mine.install()
    expect(runIt()).toBe('mine\n')
    rmSync(join(folder, 'mine'), { recursive: true })
    await other.repair()
    expect(runIt()).toBe('other\n')
  })

  test('names the folder that nobody may write in', async () => {
    mkdirSync(home)
    writeFileSync(join(home, '.local'), 'a file where a folder should be')
    const problem = { code: 'command-unwritable', message: `cannot write ${at}` }
    await expect(command(folderKind, resourcesOf('mine')).install()).rejects.toMatchObject(problem)
  })
})

// The folder an AppImage is mounted at is another one at each start: the file itself has to be started.
describe.runIf(process.platform === 'linux')('the command of an AppImage', () => {
  const image = (name = "Hearth's 0.1.0.AppImage") =>
    program(join(folder, name), `printf '%s|' "$@"; echo "${name.length}"`)
  const appImage = (file: string) => command({ kind: 'appimage', file })

  test('starts the file with what the launcher says, and the words as they are', async () => {
    const file = image()
    await appImage(file).install()
    const launcher = readFileSync(join(import.meta.dirname, '..', '..', '..', 'assets', 'command', 'hearth'), 'utf8')
    const switches = /exec "\$app" (.*) -- "\$@"/.exec(launcher)?.[1]?.split(' ') as string[]
    expect(runIt('run', 'two words', "it's", '')).toBe(
      `${[...switches, '--', 'run', 'two words', "it's", ''].join('|')}|23\n`,
    )
    expect(await appImage(file).look()).toMatchObject({ laid: 'this', works: true })
    expect(readdirSync(dirname(at))).toEqual(['hearth'])
  })

  test('says in plain words that the file is gone, and leads to its next name after an update', async () => {
    const old = image('Hearth-0.1.0.AppImage')
    await appImage(old).install()
    const updated = join(folder, 'Hearth-0.2.0.AppImage')
    renameSync(old, updated)
    expect(() => execFileSync(at, { stdio: 'pipe' })).toThrow(/Hearth-0\.1\.0\.AppImage is not there any more/)
    await appImage(updated).repair()
    expect(runIt('list')).toContain('list|')
  })

  test('gives way to the link of an unpacked folder, and takes it back', async () => {
    const file = image()
    await appImage(file).install()
    await command({ kind: 'folder' }, resourcesOf('unpacked')).install()
    expect(runIt()).toBe('unpacked\n')
    expect(await appImage(file).look()).toMatchObject({ laid: 'other-hearth' })
    await appImage(file).install()
    expect(runIt('ps')).toContain('ps|')
  })
})

describe.runIf(process.platform !== 'win32')('the scripts for an administrator', () => {
  const sh = (script: string, ...words: string[]) =>
    execFileSync('/bin/sh', ['-c', script, 'hearth', ...words], { stdio: 'pipe' })

  test('link, replace a link of Hearth, and unlink', () => {
    sh(linkScript, '/a b/resources/bin/hearth', at, '')
    sh(linkScript, "/it's/Resources/bin/hearth", at, '/a b/resources/bin/hearth')
    expect(readlinkSync(at)).toBe("/it's/Resources/bin/hearth")
    sh(unlinkScript, at, "/it's/Resources/bin/hearth")
    expect(readdirSync(dirname(at))).toEqual([])
  })

  // Between the look and the password minutes may pass.
  test('leave what somebody else has laid meanwhile', () => {
    program(at, 'echo theirs')
    expect(() => sh(linkScript, '/mine', at, '/gone')).toThrow()
    expect(() => sh(linkScript, '/mine', at, '')).toThrow()
    expect(() => sh(unlinkScript, at, '/gone')).toThrow()
    expect(runIt()).toBe('theirs\n')
  })
})

test('packages and the installer lay it themselves; a copy from source has none', async () => {
  expect(await command({ kind: 'source' }).look()).toBeNull()
  expect(await command({ kind: 'portable' }).look()).toBeNull()
  const installed = command({ kind: 'installer' }, join(folder, 'resources'))
  expect(await installed.look()).toMatchObject({ laid: 'nothing', changeable: false })
  expect(() => installed.install()).toThrow('does not lay the command itself')
  expect(existsSync(at)).toBe(false)
})

// A link into a disk image would lead nowhere once it is put out.
test.each(['/Volumes/Hearth/Hearth.app/Contents/Resources', '/private/var/folders/x/AppTranslocation/1/d/Hearth.app'])(
  'a Mac’s app in %s is to be moved first',
  async resources => {
    const mac = new CommandOnPath({
      packaging: { kind: 'mac' },
      resources,
      userHome: home,
      terminalPath: async () => path,
      asAdministrator: () => Promise.reject(new Error('nobody is asked')),
    })
    await expect(mac.install()).rejects.toMatchObject({ code: 'app-not-in-place' })
  },
)
