import { existsSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { FileLock } from '../../../main/database/file-lock.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('one holds it, until it is released or removed', () => {
  const first = FileLock.take(path)!
  expect(FileLock.take(path)).toBeUndefined()
  first.release()
  const second = FileLock.take(path)!
  expect(FileLock.take(path)).toBeUndefined()
  second.remove()
  expect(existsSync(path)).toBe(false)
  FileLock.take(path)!.remove()
})

test('a file that its holder removed is not taken for the lock by who had opened it before', () => {
  const first = FileLock.take(path)!
  const open = Database.openPlain
  // The moment between opening the file and asking for its lock.
  Database.openPlain = at => {
    const database = open.call(Database, at)
    first.remove()
    return database
  }
  try {
    expect(FileLock.take(path)).toBeUndefined()
  } finally {
    Database.openPlain = open
  }
  FileLock.take(path)!.remove()
})

test('to remove one whose file is gone already is no error', () => {
  const lock = FileLock.take(path)!
  unlinkSync(path)
  lock.remove()
  FileLock.take(path)!.remove()
})

test('many share it, and nobody has it alone meanwhile', () => {
  const [one, two] = [FileLock.share(path)!, FileLock.share(path)!]
  expect(FileLock.takeAlone(path)).toBeUndefined()
  one.release()
  expect(FileLock.takeAlone(path)).toBeUndefined()
  two.release()
  const alone = FileLock.takeAlone(path)!
  expect(FileLock.share(path)).toBeUndefined()
  expect(FileLock.takeAlone(path)).toBeUndefined()
  alone.release()
  FileLock.share(path)!.release()
})
