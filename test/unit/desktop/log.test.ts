import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../main/desktop/log.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-log-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('an entry carries the time, what happened and the stack', () => {
  const log = openLog(join(folder, 'logs'), () => new Date(0))
  log.write('something broke', new Error('the reason'))
  const text = readFileSync(join(folder, 'logs', 'hearth.log'), 'utf8')
  expect(text).toMatch(/^1970-01-01T00:00:00.000Z something broke\nError: the reason\n {4}at /)
})

// A log that grows for ever fills the disk of a person who never looks at it.
test('a log grown too large makes room, and only one older one is kept', () => {
  const log = openLog(folder)
  for (const round of ['first', 'second', 'third']) {
    writeFileSync(join(folder, 'hearth.log'), `${round}\n${'x'.repeat(2_100_000)}`)
    log.write('next')
  }
  expect(statSync(join(folder, 'hearth.log')).size).toBeLessThan(200)
  expect(readFileSync(join(folder, 'hearth.1.log'), 'utf8')).toMatch(/^third/)
})

// It is called where errors end up; one more error there would take the app down.
test('a folder that cannot be written makes no error', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => openLog(join(folder, 'file', 'logs')).write('lost')).not.toThrow()
})
