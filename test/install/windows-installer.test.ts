import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const include = join(import.meta.dirname, '..', '..', 'assets', 'windows', 'installer.nsh')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-nsis-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** What makensis says it compiles, line by line: the installer's part of Hearth in a script of its own. */
function compiled(): string[] {
  const script = join(folder, 'hearth.nsi')
  const text = `Unicode true
Name Hearth
OutFile "${join(folder, 'hearth.exe')}"
!define APP_EXECUTABLE_FILENAME Hearth.exe
!include "${include}"
Section
  WriteUninstaller "$INSTDIR\\uninstall.exe"
  !insertmacro customInstall
SectionEnd
Section un.Hearth
  !insertmacro customUnInstall
SectionEnd
`
  writeFileSync(script, text)
  return execFileSync('makensis', ['-V4', '-WX', script], { encoding: 'utf8' }).split('\n')
}

// It runs on Windows alone, where nobody looks before a person does.
test('the installer’s script compiles; it offers Hearth for .gguf, takes nothing over, and takes back what it wrote', () => {
  const lines = compiled()
  const written = lines.filter(line => /^WriteReg/.test(line))
  const classes = written.map(line => /Software\\Classes\\([^\\"]+)/i.exec(line)?.[1])
  expect(new Set(classes)).toEqual(new Set(['hearth', '.gguf', 'Hearth.gguf']))
  expect(written.filter(line => line.includes('\\.gguf'))).toEqual([
    expect.stringMatching(/\\\.gguf\\OpenWithProgids.*Hearth\.gguf/),
  ])
  const removed = lines.filter(line => /^DeleteReg/.test(line)).join('\n')
  for (const part of ['Classes\\hearth', '.gguf\\OpenWithProgids', 'Classes\\Hearth.gguf']) {
    expect(removed, part).toContain(part)
  }
})
