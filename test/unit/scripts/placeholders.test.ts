import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refusePlaceholders } from '../../../scripts/dist/placeholders.ts'

const project = join(import.meta.dirname, '..', '..', '..')
const named = ['package.json', 'assets/linux/app.hearth.desktop.metainfo.xml', 'SECURITY.md']
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-placeholders-'))
  for (const file of named) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(join(project, file), join(folder, file))
  }
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('a release is refused until a publisher is named, with each place to be set', () => {
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  writeFileSync(join(folder, 'package.json'), text.replace(/"homepage": ".*"/, '"homepage": "https://hearth.example/"'))
  expect(() => refusePlaceholders(folder)).toThrow(/^ {2}package\.json:\d+: https:\/\/hearth\.example\/$/m)
  for (const file of named) {
    const read = readFileSync(join(folder, file), 'utf8')
    writeFileSync(join(folder, file), read.replaceAll('hearth.example', 'hearth.org'))
  }
  expect(() => refusePlaceholders(folder)).not.toThrow()
})
