import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { isSetAside } from '../../../main/database/database-file.ts'
import { minding } from '../../../main/database/lost-file.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const now = Date.UTC(2026, 10, 22)

function minded() {
  const home = temporaryHome()
  const path = join(home, 'test.db')
  const database = Database.open(path)
  database.exec('CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT)')
  const told: { path: string; isReplaced: boolean }[] = []
  minding(
    database,
    path,
    () => now,
    lost => told.push(lost),
  )
  const note = (text: string) => database.write(() => database.run('INSERT INTO notes (text) VALUES (?)', text))
  return { home, path, database, told, note }
}

const textsOf = (database: Database) =>
  database.rows({ text: 'TEXT' }, 'FROM notes ORDER BY number').map(({ text }) => text)

/** What a later process finds there; this one still knows the files by what it has open. */
function textsIn(path: string) {
  const copy = join(temporaryHome(), 'copy.db')
  for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end)
  const database = Database.openPlain(copy)
  try {
    return textsOf(database)
  } finally {
    database.close()
  }
}

test('a file that stays at its place is left as it is', async () => {
  const { home, database, told, note } = minded()
  await note('one')
  await note('two')
  database.close()
  expect(told).toEqual([])
  expect(readdirSync(home).filter(name => !name.startsWith('test.db'))).toEqual([])
})

// Windows lets nobody do this to an open file.
describe.skipIf(process.platform === 'win32')('SQLite would go on in a file that has no name any more', () => {
  test.each([
    ['alone', ['']],
    ['with what lies beside it', ['', '-wal', '-shm']],
  ])('a file that is deleted %s is there again, with all that was in it, at the next write', async (_, suffixes) => {
    const { home, path, database, told, note } = minded()
    await note('one')
    for (const suffix of suffixes) rmSync(path + suffix)
    await note('two')
    await note('three')
    expect(told).toEqual([{ path, isReplaced: false }])
    expect(textsIn(path)).toEqual(['one', 'two', 'three'])
    rmSync(path)
    await note('four')
    expect(textsOf(database)).toEqual(['one', 'two', 'three', 'four'])
    database.close()
    expect(textsIn(path)).toEqual(['one', 'two', 'three', 'four'])
    expect(readdirSync(home).filter(name => !/^test\.db(-wal|-shm)?$/.test(name))).toEqual([])
  })

  test('beside a file that is put in its place it goes on in one of its own, and leaves that alone', async () => {
    const other = minded()
    await other.note('another')
    other.database.close()
    const bytes = readFileSync(other.path)
    const { home, path, database, told, note } = minded()
    await note('one')
    renameSync(other.path, path)
    await note('two')
    await note('three')
    database.close()
    expect(readFileSync(path).equals(bytes)).toBe(true)
    // The log of what was there before is gone: it would be read into this file.
    expect(textsIn(path)).toEqual(['another'])
    const aside = join(home, readdirSync(home).find(isSetAside) ?? '')
    expect(textsIn(aside)).toEqual(['one', 'two', 'three'])
    expect(told).toEqual([{ path: aside, isReplaced: true }])
  })

  test('a folder that is moved keeps its file, and nothing is made where it was', async () => {
    const { home, path, database, told, note } = minded()
    await note('one')
    const moved = join(temporaryHome(), 'moved')
    renameSync(home, moved)
    await note('two')
    database.close()
    expect([told, existsSync(path)]).toEqual([[], false])
    expect(textsIn(join(moved, 'test.db'))).toEqual(['one', 'two'])
  })
})
