import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

function emptyDatabase(path = join(temporaryHome(), 'test.db')): Database {
  const database = Database.open(path)
  database.exec('CREATE TABLE IF NOT EXISTS notes (number INTEGER PRIMARY KEY, text TEXT, size REAL)')
  return database
}

const columns = { text: 'TEXT', size: 'REAL' } as const

test.each([
  ['a NUL, at which libsql cuts text', 'before\0after'],
  ['every kind of quote and control character', '"\\\n\r\t\b\f\u0001\u001f\u007f\u2028\u2029'],
  ['Chinese, emoji, a character beyond the basic plane', '你好，世界 👩‍👩‍👧‍👦 𠮷'],
  ['nothing', ''],
])('text with %s comes back as it was', (_name, text) => {
  const database = emptyDatabase()
  database.run('INSERT INTO notes (text) VALUES (?)', text)
  expect(database.rows(columns, 'FROM notes')).toEqual([{ text, size: null }])
  database.close()
})

test('half a surrogate pair becomes a replacement character, and nothing around it is lost', () => {
  const database = emptyDatabase()
  database.run('INSERT INTO notes (text) VALUES (?)', 'a\ud83db')
  expect(database.rows(columns, 'FROM notes')[0]?.text).toBe('a\ufffdb')
  database.close()
})

test('text that is not UTF-8, as damage leaves it, is read with replacements; libsql would end the process', () => {
  const database = emptyDatabase()
  database.exec(`INSERT INTO notes (text) VALUES (CAST(x'61ff62e4' AS TEXT)), (x'63ff64')`)
  expect(database.rows(columns, 'FROM notes').map(({ text }) => text)).toEqual(['a\ufffdb\ufffd', 'c\ufffdd'])
  database.close()
})

test('a value of another kind than its column comes as the kind that was asked for', () => {
  const database = emptyDatabase()
  database.exec(`INSERT INTO notes (text, size) VALUES (12, 'many'), (NULL, 9e999)`)
  expect(database.rows(columns, 'FROM notes')).toEqual([
    { text: '12', size: 0 },
    { text: null, size: Number.POSITIVE_INFINITY },
  ])
  database.close()
})

test('a single null is a value, and times keep their milliseconds', () => {
  const database = emptyDatabase()
  database.run('INSERT INTO notes (text) VALUES (?)', null)
  database.run('INSERT INTO notes (size) VALUES (?)', 1_795_245_180_123)
  expect(database.rows(columns, 'FROM notes WHERE text IS ? ORDER BY number', null)).toEqual([
    { text: null, size: null },
    { text: null, size: 1_795_245_180_123 },
  ])
  database.close()
})

test('rows keep the order they were asked for', () => {
  const database = emptyDatabase()
  for (const size of [3, 1, 2]) database.run('INSERT INTO notes (size) VALUES (?)', size)
  expect(database.rows(columns, 'FROM notes ORDER BY size DESC').map(({ size }) => size)).toEqual([3, 2, 1])
  database.close()
})

test('a transaction that fails leaves nothing behind and the connection usable', () => {
  const database = emptyDatabase()
  const work = () => {
    database.run('INSERT INTO notes (text) VALUES (?)', 'half')
    throw new Error('boo')
  }
  expect(() => database.transaction(work)).toThrow('boo')
  expect(database.rows(columns, 'FROM notes')).toEqual([])
  database.transaction(() => database.run('INSERT INTO notes (text) VALUES (?)', 'whole'))
  expect(database.rows(columns, 'FROM notes')).toHaveLength(1)
  database.close()
})

test('every commit is synced, foreign keys hold, the log is used', () => {
  const database = emptyDatabase()
  const pragma = (name: string) => database.rows({ [name]: 'TEXT' }, `FROM pragma_${name}`)[0]?.[name]
  expect([pragma('synchronous'), pragma('foreign_keys'), pragma('journal_mode')]).toEqual(['2', '1', 'wal'])
  database.close()
})

test('a write waits for another connection’s without holding up the event loop, then succeeds', async () => {
  const path = join(temporaryHome(), 'test.db')
  const one = emptyDatabase(path)
  const other = emptyDatabase(path)
  other.exec('BEGIN IMMEDIATE')
  let turns = 0
  // The other lets go only after many turns of the event loop: held up for the whole wait, there would be none.
  const pulse = setInterval(() => {
    turns += 1
    if (turns === 20) other.exec('COMMIT')
  }, 1)
  await one.write(() => one.run('INSERT INTO notes (text) VALUES (?)', 'late'))
  clearInterval(pulse)
  expect(one.rows(columns, 'FROM notes')).toHaveLength(1)
  expect(turns).toBeGreaterThanOrEqual(20)
  one.close()
  other.close()
})

test('a write that never gets its turn says that another program has the file', async () => {
  const path = join(temporaryHome(), 'test.db')
  const one = emptyDatabase(path)
  const other = emptyDatabase(path)
  other.exec('BEGIN IMMEDIATE')
  await expect(one.write(() => one.run('DELETE FROM notes'))).rejects.toMatchObject({
    name: 'Problem',
    code: 'database',
    status: 503,
    trouble: 'locked',
  })
  other.exec('ROLLBACK')
  one.close()
  other.close()
})

test('closing writes the log back, so that a copy of the one file is whole', () => {
  const path = join(temporaryHome(), 'test.db')
  const database = emptyDatabase(path)
  database.run('INSERT INTO notes (text) VALUES (?)', 'kept')
  database.close()
  expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0)
})

test('a folder and a missing folder are told, not crashed on', () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'folder.db'))
  for (const path of [join(home, 'folder.db'), join(home, 'missing', 'test.db')]) {
    expect(() => Database.open(path)).toThrowError(expect.objectContaining({ code: 'database', trouble: 'unreadable' }))
  }
})

test('wrong SQL is a Problem with its text, not a raw error of the library', () => {
  const database = emptyDatabase()
  expect(() => database.exec('SELEC')).toThrowError(expect.objectContaining({ name: 'Problem', code: 'database' }))
  database.close()
})
