import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../main/conversations/opening.ts'
import { migrations } from '../../../main/conversations/schema.ts'
import { ConversationStore } from '../../../main/conversations/store.ts'
import { Database } from '../../../main/database/database.ts'
import { readingDatabaseFile } from '../../../main/database/database-file.ts'
import { temporaryHome } from './temporary-home.ts'

const now = Date.UTC(2026, 10, 21, 7, 13)
const stamp = '2026-11-21T07-13-00-000Z'
const page = 4096

/** An id as the app makes them. */
const id = (kind: number, index: number) => `0193${kind}000-0000-7000-8000-${String(index).padStart(12, '0')}`

/** A home with conversations of six messages each, closed. */
async function filledHome(conversations: number, steps = migrations): Promise<{ home: string; path: string }> {
  const home = temporaryHome()
  const { database } = await openDatabase(home, now, steps)
  const store = new ConversationStore(database)
  database.transaction(() => {
    for (let c = 0; c < conversations; c += 1) {
      store.addConversation(id(0, c), `Title ${c} 你好`, 'tiny', c)
      let parentId: string | null = null
      for (let m = 0; m < 6; m += 1) {
        store.addQuestion(id(1, c * 6 + m), id(0, c), parentId, `Message ${m} of ${c}. `.repeat(20), c)
        parentId = id(1, c * 6 + m)
      }
      store.showLeaf(id(0, c), parentId ?? '')
    }
  })
  database.close()
  return { home, path: join(home, 'conversations.db') }
}

function overwrite(path: string, from: number, bytes: Uint8Array): void {
  const file = readFileSync(path)
  file.set(bytes, from)
  writeFileSync(path, file)
}

test('the first start makes one whole file and leaves nothing else', async () => {
  const home = join(temporaryHome(), 'not', 'there', 'yet')
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside).toBeUndefined()
  expect(new ConversationStore(database).conversations()).toEqual([])
  database.close()
  expect(readdirSync(home).filter(name => !/^conversations\.db(-wal|-shm)?$/.test(name))).toEqual([])
})

test('what was written is there after opening again, and nothing is set aside', async () => {
  const { home } = await filledHome(3)
  const { database, setAside } = await openDatabase(home, now)
  const store = new ConversationStore(database)
  expect(setAside).toBeUndefined()
  expect(store.conversations().map(({ title }) => title)).toEqual(['Title 2 你好', 'Title 1 你好', 'Title 0 你好'])
  expect(store.messages.of(id(0, 1))).toHaveLength(6)
  database.close()
})

test.each<[string, (path: string) => void]>([
  ['text', path => writeFileSync(path, 'These are not the conversations you look for. '.repeat(100))],
  ['NULs, as a power cut leaves', path => writeFileSync(path, Buffer.alloc(40_960))],
  ['nothing', path => writeFileSync(path, '')],
  ['a header and then nothing', path => writeFileSync(path, 'SQLite format 3\0')],
  ['its first page only', path => truncateSync(path, page)],
  ['a broken first page', path => overwrite(path, 100, Buffer.alloc(page - 100, 0xa5))],
])('a file of %s is set aside as it is, a fresh one works, and where it lies is told', async (_name, damage) => {
  const { home, path } = await filledHome(3)
  damage(path)
  const damaged = readFileSync(path)
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside).toEqual({
    path: join(home, `conversations-set-aside-${stamp}.db`),
    at: now,
    conversations: 0,
    messages: 0,
  })
  expect(readFileSync(setAside?.path ?? '')).toEqual(damaged)
  new ConversationStore(database).addConversation(id(0, 9), 'New', 'tiny', now)
  database.close()
  const again = await openDatabase(home, now + 1)
  expect(again.setAside).toBeUndefined()
  expect(new ConversationStore(again.database).conversations()).toHaveLength(1)
  again.database.close()
})

test('another program’s database is not written into', async () => {
  const home = temporaryHome()
  const path = join(home, 'conversations.db')
  const other = Database.openPlain(path)
  other.exec(`CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('https://example.org')`)
  other.close()
  const before = readFileSync(path)
  const { database, setAside } = await openDatabase(home, now)
  expect(readFileSync(setAside?.path ?? '')).toEqual(before)
  database.close()
})

test('a database of ours that lost a table is damaged', async () => {
  const { home, path } = await filledHome(2)
  const database = Database.openPlain(path)
  database.exec('DROP TABLE reply_parts')
  database.close()
  const opened = await openDatabase(home, now)
  expect(opened.setAside).toMatchObject({ conversations: 2, messages: 12 })
  opened.database.close()
})

test('a folder in the place of the file is moved aside', async () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'conversations.db'))
  const { database, setAside } = await openDatabase(home, now)
  expect(statSync(setAside?.path ?? '').isDirectory()).toBe(true)
  database.close()
})

test('the log of a damaged file goes with it: a new database would replay it', async () => {
  const { home, path } = await filledHome(2)
  writeFileSync(path, '')
  writeFileSync(`${path}-wal`, 'the log')
  writeFileSync(`${path}-shm`, 'its index')
  const { database, setAside } = await openDatabase(home, now)
  expect(readFileSync(`${setAside?.path}-wal`, 'utf8')).toBe('the log')
  expect(new ConversationStore(database).conversations()).toEqual([])
  database.close()
})

test('a log whose file was taken away is kept aside and not replayed into the new file', async () => {
  const { home, path } = await filledHome(0)
  const writer = Database.open(path)
  new ConversationStore(writer).addConversation(id(0, 1), 'Only in the log', 'tiny', 1)
  const log = readFileSync(`${path}-wal`)
  writer.close()
  const elsewhere = temporaryHome()
  writeFileSync(join(elsewhere, 'conversations.db-wal'), log)
  const { database } = await openDatabase(elsewhere, now)
  expect(new ConversationStore(database).conversations()).toEqual([])
  expect(readFileSync(join(elsewhere, `conversations-set-aside-${stamp}.db-wal`))).toEqual(log)
  database.close()
  expect(home).not.toBe(elsewhere)
})

test('what a killed process left in the log is read, and checking leaves file and log alone', async () => {
  const { path } = await filledHome(2)
  const writer = Database.open(path)
  new ConversationStore(writer).addConversation(id(0, 7), 'Only in the log', 'tiny', 7)
  const home = join(temporaryHome(), 'odd %20 name?#')
  mkdirSync(home)
  const copy = join(home, 'conversations.db')
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix)
  writer.close()
  const before = readFileSync(copy)
  await readingDatabaseFile(copy, exec => exec('CREATE TEMP TABLE rows AS SELECT * FROM conversations'))
  await expect(readingDatabaseFile(copy, exec => exec('DELETE FROM messages'))).rejects.toMatchObject({
    trouble: 'read-only',
  })
  expect(readFileSync(copy)).toEqual(before)
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside).toBeUndefined()
  expect(new ConversationStore(database).conversation(id(0, 7))?.title).toBe('Only in the log')
  database.close()
})

test('with broken pages in the middle, all the rest comes back', async () => {
  const { home, path } = await filledHome(300)
  const pages = statSync(path).size / page
  // Message pages lie in the middle; four of them, each with about ten messages.
  for (const index of [0.3, 0.4, 0.5, 0.6]) overwrite(path, Math.floor(pages * index) * page, Buffer.alloc(page, 0xff))
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside?.messages).toBeGreaterThan(1_700)
  expect(setAside?.conversations).toBeGreaterThan(280)
  const store = new ConversationStore(database)
  const whole = store.conversations().filter(conversation => store.messages.of(conversation.id).length === 6)
  expect(whole.length).toBeGreaterThan(260)
  expect(store.messages.of(whole[0]?.id ?? '')[5]?.content).toBe(`Message 5 of ${whole[0]?.updatedAt}. `.repeat(20))
  database.close()
  // What was rescued is sound.
  expect((await openDatabase(home, now + 1)).setAside).toBeUndefined()
})

test('a cut-off file gives back what lies before the cut', async () => {
  const { home, path } = await filledHome(300)
  truncateSync(path, Math.floor(statSync(path).size / page / 2) * page)
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside?.messages).toBeGreaterThan(700)
  database.close()
})

test('damage at random places never ends the process nor hangs it, and always leaves a working database', async () => {
  let seed = 42
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return seed % below
  }
  const { path: sound } = await filledHome(30)
  const bytes = readFileSync(sound)
  for (let round = 0; round < 30; round += 1) {
    const home = temporaryHome()
    const damaged = Buffer.from(bytes)
    for (let hit = 0; hit < 30; hit += 1) damaged[random(round % 2 ? damaged.length : page * 3)] = random(256)
    writeFileSync(join(home, 'conversations.db'), damaged)
    const { database } = await openDatabase(home, now)
    const store = new ConversationStore(database)
    for (const conversation of store.conversations()) store.messages.of(conversation.id)
    database.write(() => store.addConversation(id(0, 99), 'New', 'tiny', now))
    expect(store.conversation(id(0, 99))?.title).toBe('New')
    database.close()
  }
})

test('what a conversation lost of itself is made up for: its row, a parent', async () => {
  const { home, path } = await filledHome(3)
  const database = Database.openPlain(path)
  database.exec(`
    PRAGMA foreign_keys = OFF;
    DELETE FROM conversations WHERE id = '${id(0, 1)}';
    DELETE FROM messages WHERE id = '${id(1, 2)}';
    DROP TABLE reply_parts;
  `)
  database.close()
  const opened = await openDatabase(home, now)
  const store = new ConversationStore(opened.database)
  expect(store.conversation(id(0, 1))).toMatchObject({ title: 'Message 0 of 1. Message 0 of 1. Message' })
  expect(store.messages.of(id(0, 0)).map(message => message.parentId)).toEqual([
    null,
    id(1, 0),
    id(1, 1),
    id(1, 3),
    id(1, 4),
  ])
  opened.database.close()
})

test('a rescue cut off before the new file got its name is taken up, not thrown away', async () => {
  const { home, path } = await filledHome(3)
  const { path: other } = await filledHome(1)
  writeFileSync(`${path}.making`, readFileSync(path))
  rmSync(path)
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  const { database } = await openDatabase(home, now)
  expect(new ConversationStore(database).conversations()).toHaveLength(3)
  database.close()
  // One that was not finished has no use.
  writeFileSync(`${other}.making`, readFileSync(other).subarray(0, page))
  rmSync(other)
  const fresh = await openDatabase(join(other, '..'), now)
  expect(new ConversationStore(fresh.database).conversations()).toEqual([])
  fresh.database.close()
})

test('a newer version’s file is left as it is, with the reason', async () => {
  const { home, path } = await filledHome(1)
  const database = Database.openPlain(path)
  database.exec('PRAGMA user_version = 99; ALTER TABLE conversations ADD COLUMN mood TEXT')
  database.close()
  const before = readFileSync(path)
  await expect(openDatabase(home, now)).rejects.toMatchObject({ name: 'Problem', trouble: 'newer' })
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(home).some(name => name.includes('aside'))).toBe(false)
})

// The first version has not all the columns of today; asking for them would find nothing to copy.
test('what is whole in a damaged file of the first version is rescued', async () => {
  const { home, path } = await filledHome(20, migrations.slice(0, 1))
  overwrite(path, page * 20, new Uint8Array(page))
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside).toBeDefined()
  const store = new ConversationStore(database)
  expect(store.conversations()).toHaveLength(20)
  expect(store.conversations().flatMap(({ id }) => store.messages.of(id)).length).toBeGreaterThan(60)
  database.close()
})

test('an older file is brought up to date after a copy of it', async () => {
  const { home, path } = await filledHome(2)
  const steps = [...migrations, `ALTER TABLE conversations ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'`]
  const { database } = await openDatabase(home, now, steps)
  expect(database.rows({ mood: 'TEXT' }, 'FROM conversations')).toEqual([{ mood: 'calm' }, { mood: 'calm' }])
  expect(database.header('user_version')).toBe(migrations.length + 1)
  database.close()
  const copy = path.replace('.db', `-before-version-${migrations.length + 1}-${stamp}.db`)
  const old = Database.openPlain(copy)
  expect(old.header('user_version')).toBe(migrations.length)
  expect(new ConversationStore(old).conversations()).toHaveLength(2)
  old.close()
  // Once is enough.
  ;(await openDatabase(home, now + 1, steps)).database.close()
  expect(readdirSync(home).filter(name => name.includes('before'))).toHaveLength(1)
})

test('a migration that fails half-way leaves the old version, whole and usable', async () => {
  const { home } = await filledHome(2)
  const steps = [...migrations, 'ALTER TABLE conversations ADD COLUMN mood TEXT; ALTER TABLE nowhere ADD COLUMN x']
  await expect(openDatabase(home, now, steps)).rejects.toMatchObject({ code: 'database' })
  const { database, setAside } = await openDatabase(home, now)
  expect(setAside).toBeUndefined()
  expect(new ConversationStore(database).conversations()).toHaveLength(2)
  database.close()
})

test('a file that another program holds is not taken for damaged', async () => {
  const home = temporaryHome()
  const path = join(home, 'conversations.db')
  copyFileSync((await filledHome(2)).path, path)
  const other = Database.openPlain(path)
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  await expect(openDatabase(home, now)).rejects.toMatchObject({ trouble: 'locked', status: 503 })
  expect(readdirSync(home).some(name => name.includes('aside'))).toBe(false)
  other.exec('COMMIT')
  other.close()
  const { database } = await openDatabase(home, now)
  expect(new ConversationStore(database).conversations()).toHaveLength(2)
  database.close()
})
