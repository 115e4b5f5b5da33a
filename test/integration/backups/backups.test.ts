import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { migrations } from '../../../main/conversations/schema.ts'
import { Database } from '../../../main/database/database.ts'
import { FileLock } from '../../../main/database/file-lock.ts'
import { formsDatabase } from '../../../main/forms/schema.ts'
import { onDisk } from '../../unit/conversations/opened-hearth.ts'
import { temporaryHome } from '../../unit/conversations/temporary-home.ts'
import { runOn } from '../../unit/forms/run-on.ts'
import { blueSquare, redCircle } from '../pictures.ts'
import { canMount, SmallDisk } from '../small-disk.ts'
import { openHome } from './hearth.ts'

const day = 24 * 60 * 60 * 1_000

/** Makes a home whose database takes a while to copy: of thoughts, as words are indexed for the search. */
async function filledHome(megabytes: number): Promise<string> {
  const home = temporaryHome()
  const hearth = await openHome(home)
  const { conversationId } = await hearth.talk('Long?')
  await hearth.close()
  const database = Database.open(join(home, 'conversations.db'))
  for (let message = 0; message < megabytes; message += 1) {
    database.run(
      `INSERT INTO messages (id, conversation_id, role, thinking, state, created_at)
       VALUES (?, ?, 'assistant', hex(randomblob(500000)), 'complete', 1)`,
      ...[randomUUID(), conversationId],
    )
  }
  database.close()
  return home
}

/** None while there is no folder yet. */
const foldersOf = (home: string) =>
  existsSync(join(home, 'backups')) ? readdirSync(join(home, 'backups')).filter(name => /^\d{4}-/.test(name)) : []

test('going back brings a chat that was removed for good, with its picture; and can itself be undone', async () => {
  const hearth = await openHome(temporaryHome())
  const first = await hearth.talk('Trees?', [redCircle])
  const hash = first.picture?.hash ?? ''
  await hearth.backups.take()
  const [backup] = hearth.kept()
  expect(backup).toMatchObject({ reason: 'asked', chats: 1, forms: null })

  await hearth.conversations.listing.delete(first.conversationId)
  await hearth.conversations.trash.remove([first.conversationId])
  expect(existsSync(join(hearth.attachments, hash))).toBe(false)
  const second = await hearth.talk('Ships?', [blueSquare])
  expect(await hearth.backups.compare(backup?.id ?? '')).toEqual({ before: 1, now: 1, back: 1, gone: 1, changed: 0 })

  await hearth.backups.goBack(backup?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['Trees?'])
  expect(hearth.messages(first.conversationId).map(({ content }) => content)).toEqual(['Trees?', 'About Trees?'])
  expect((await hearth.conversations.attachments.read(hash))?.type).toBe('image/png')
  expect((await hearth.conversations.search({ query: 'Trees', before: null, limit: 10 })).messages).toHaveLength(2)

  // What was there meanwhile is the newest backup, its picture with it.
  expect(hearth.kept()[0]).toMatchObject({ reason: 'before-going-back', chats: 1 })
  rmSync(join(hearth.attachments, second.picture?.hash ?? ''))
  await hearth.backups.goBack(hearth.kept()[0]?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['Ships?'])
  expect(await hearth.conversations.attachments.read(second.picture?.hash ?? '')).toBeDefined()
  // The app goes on as ever.
  await hearth.talk('Stars?')
  expect(hearth.titles()).toContain('Stars?')
})

test('an answer being written when the person goes back is ended, and kept in the backup of before', async () => {
  const hearth = await openHome(temporaryHome())
  await hearth.talk('Trees?')
  await hearth.backups.take()
  const [backup] = hearth.kept()
  const { conversationId } = await hearth.conversations.send({
    conversationId: null,
    parentId: null,
    content: 'Ships?',
    model: 'tiny',
  })
  hearth.inference.last.write('They sail ')
  await hearth.backups.goBack(backup?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['Trees?'])
  await hearth.backups.goBack(hearth.kept()[0]?.id ?? '')
  const answer = hearth.messages(conversationId).at(-1)
  expect(answer).toMatchObject({ content: 'They sail ', state: 'interrupted' })
})

test('an answer in flight in a backup counts as interrupted, not as being written for ever', async () => {
  const hearth = await openHome(temporaryHome())
  const { conversationId } = await hearth.conversations.send({
    conversationId: null,
    parentId: null,
    content: 'Ships?',
    model: 'tiny',
  })
  hearth.inference.last.write('They sail ')
  await vi.waitFor(() => expect(onDisk(hearth.home).at(-1)?.parts).toBe('They sail '))
  await hearth.backups.take()
  hearth.inference.last.write('far.')
  hearth.inference.last.finish()
  await hearth.backups.goBack(hearth.kept()[0]?.id ?? '')
  expect(hearth.messages(conversationId).at(-1)).toMatchObject({ content: 'They sail ', state: 'interrupted' })
  // Nothing keeps the chat busy.
  const parentId = hearth.messages(conversationId).at(-1)?.id ?? null
  await hearth.conversations.send({ conversationId, parentId, content: 'And?', model: 'tiny' })
})

test('chats go on while a backup is made, and it holds one moment of them', async () => {
  const hearth = await openHome(await filledHome(20))
  const taking = hearth.backups.take()
  const during = await Promise.all(Array.from({ length: 20 }, (_, n) => hearth.talk(`Meanwhile ${n}?`)))
  await taking
  expect(during).toHaveLength(20)
  const [backup] = hearth.kept()
  const copy = Database.openReadOnly(join(hearth.backups.folder, backup?.id ?? '', 'conversations.db'))
  // Every question came with its answer's row, in one write: never one without the other.
  const [row] = copy.rows({ odd: 'REAL' }, 'FROM (SELECT count(*) % 2 AS odd FROM messages)')
  copy.close()
  expect(row?.odd).toBe(0)
})

test('forms come back, too, with their pictures, and a queue that was running stays whole', async () => {
  const hearth = await openHome(temporaryHome())
  hearth.watchForms()
  const { formId } = await hearth.forms.create({ name: 'Bills', instructions: '', fields: [] })
  await hearth.talk('Trees?')
  await hearth.backups.take()
  expect(hearth.kept()[0]).toMatchObject({ chats: 1, forms: 1 })
  await hearth.forms.change({ formId, name: 'Letters' })
  await runOn(hearth.forms, formId, ['one'])
  await hearth.backups.goBack(hearth.kept()[0]?.id ?? '')
  await expect.poll(hearth.formNames).toEqual(['Bills'])
  await hearth.backups.goBack(hearth.kept()[0]?.id ?? '')
  await expect.poll(hearth.formNames).toEqual(['Letters'])
})

test('one backup a day when something changed, none when nothing did, and none when they are off', async () => {
  let now = Date.now()
  let wanted = true
  const hearth = await openHome(temporaryHome(), { now: () => now, wanted: () => wanted })
  await hearth.talk('One?')
  // The answer's end is written a moment later.
  now += 60_000
  await hearth.backups.look()
  await hearth.backups.look()
  expect(hearth.kept().map(({ reason }) => reason)).toEqual(['daily'])
  now += day
  // Opened, and nothing written.
  await hearth.backups.look()
  expect(hearth.kept()).toHaveLength(1)
  await hearth.talk('Two?')
  now += 5 * day
  await hearth.close()
  wanted = false
  const again = await openHome(hearth.home, { now: () => now, wanted: () => wanted })
  await again.backups.look()
  expect(again.kept()).toHaveLength(1)
})

test('the copy of before a migration becomes a backup, and going back to it brings it up to date', async () => {
  const home = temporaryHome()
  const old = Database.open(join(home, 'conversations.db'))
  for (const step of migrations.slice(0, 2)) old.exec(step)
  old.exec(`
    PRAGMA user_version = 2; PRAGMA application_id = 0x48727468;
    INSERT INTO conversations (id, title, model, created_at, updated_at)
      VALUES ('11111111-1111-4111-8111-111111111111', 'Old', 'tiny', 1, 1);
  `)
  old.close()
  const hearth = await openHome(home)
  await hearth.conversations.listing.rename('11111111-1111-4111-8111-111111111111', 'New')
  await hearth.backups.look()
  expect(hearth.kept().map(({ reason, chats }) => ({ reason, chats }))).toEqual([
    { reason: 'daily', chats: 1 },
    { reason: 'migration', chats: 1 },
  ])
  expect(readdirSync(home).filter(name => name.includes('before-version'))).toEqual([])
  await hearth.backups.goBack(hearth.kept()[1]?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['Old'])
  expect(readdirSync(hearth.backups.folder)).not.toContain('going-back')
})

// No backup was made until somebody opened the forms, and then the copy of before was called unreadable.
test('forms of the first version are backed up before they are brought up to date, and the copy of before is', async () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'forms'))
  const old = Database.open(join(home, 'forms', 'forms.db'))
  const formId = '11111111-1111-4111-8111-111111111111'
  old.exec(`
    ${formsDatabase.migrations[0]}
    PRAGMA user_version = 1; PRAGMA application_id = ${formsDatabase.applicationId};
    INSERT INTO forms (id, name, fields, created_at, updated_at) VALUES ('${formId}', 'Old', '[]', 1, 1);
  `)
  old.close()
  const hearth = await openHome(home)
  await hearth.backups.look()
  expect(hearth.kept()).toMatchObject([{ reason: 'daily', forms: 1 }])
  await hearth.forms.change({ formId, name: 'New' })
  await hearth.backups.look()
  expect(hearth.told()).toEqual([])
  const before = hearth.kept().find(({ reason }) => reason === 'migration')
  expect(before).toMatchObject({ forms: 1 })
  hearth.watchForms()
  await hearth.backups.goBack(before?.id ?? '')
  await expect.poll(hearth.formNames).toEqual(['Old'])
})

// It was tried again every half an hour, and the notice never went.
test('a copy of before a migration that nobody can read is told once, and kept under another name', async () => {
  const home = temporaryHome()
  const name = 'conversations-before-version-2-2026-01-02T03-04-05-006Z.db'
  writeFileSync(join(home, name), 'no database '.repeat(1000))
  const hearth = await openHome(home)
  await hearth.backups.look()
  expect(hearth.told()).toMatchObject([{ code: 'backup-failed', values: { reason: 'database' } }])
  expect(readdirSync(home).filter(entry => entry.startsWith(name))).toEqual([`${name}.unreadable`])
  await hearth.backups.look()
  expect(hearth.told()).toEqual([])
})

test('a damaged backup is refused, and nothing changes', async () => {
  const hearth = await openHome(temporaryHome())
  await hearth.talk('Trees?')
  await hearth.backups.take()
  const [backup] = hearth.kept()
  const copy = join(hearth.backups.folder, backup?.id ?? '', 'conversations.db')
  truncateSync(copy, statSync(copy).size - 8_192)
  await hearth.talk('Ships?')
  await expect(hearth.backups.goBack(backup?.id ?? '')).rejects.toMatchObject({ code: 'database' })
  expect(hearth.titles()).toEqual(['Ships?', 'Trees?'])
  await hearth.talk('Stars?')
})

// An answer that is gone on with keeps its place and id: by those alone the index would not see that it is another text.
test('search knows nothing of what an answer said only after the backup', async () => {
  const hearth = await openHome(temporaryHome())
  const { conversationId, replyId } = await hearth.talk('Trees?')
  const found = async (query: string) =>
    (await hearth.conversations.search({ query, before: null, limit: 10 })).messages.map(({ messageId }) => messageId)
  await expect.poll(() => found('About')).toEqual([replyId])
  await hearth.backups.take()
  const [backup] = hearth.kept()
  const database = Database.open(join(hearth.home, 'conversations.db'))
  database.exec(
    `UPDATE messages SET content = content || ' and oaks' WHERE conversation_id = '${conversationId}' AND role = 'assistant'`,
  )
  database.close()
  await hearth.close()
  // What another process wrote is found by the walk of the next start.
  const again = await openHome(hearth.home)
  const foundAgain = async (query: string) => {
    const { messages, indexing } = await again.conversations.search({ query, before: null, limit: 10 })
    return indexing ? undefined : messages.map(({ messageId }) => messageId)
  }
  await expect.poll(() => foundAgain('oaks')).toEqual([replyId])
  await again.backups.goBack(backup?.id ?? '')
  await expect.poll(() => foundAgain('oaks')).toEqual([])
  expect(await foundAgain('About')).toEqual([replyId])
})

// Chats of one time and forms of another, with nobody told.
test('killed between chats and forms: the next start ends the going back, once', async () => {
  const hearth = await openHome(temporaryHome())
  hearth.watchForms()
  const { formId } = await hearth.forms.create({ name: 'Bills', instructions: '', fields: [] })
  await hearth.talk('Trees?')
  await hearth.backups.take()
  const [backup] = hearth.kept()
  await hearth.talk('Ships?')
  await hearth.forms.change({ formId, name: 'Letters' })
  await hearth.close()
  writeFileSync(join(hearth.backups.folder, 'going-back.json'), JSON.stringify({ id: backup?.id }))

  const next = await openHome(hearth.home)
  next.watchForms()
  await expect.poll(next.titles).toEqual(['Trees?'])
  await expect.poll(next.formNames).toEqual(['Bills'])
  expect(next.kept()[0]).toMatchObject({ reason: 'before-going-back', chats: 2 })
  await next.talk('Stars?')
  await next.close()
  const last = await openHome(hearth.home)
  await expect.poll(last.titles).toContain('Stars?')
})

test('a going back that was cut off and cannot be ended is told, and not tried for ever', async () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'backups'), { recursive: true })
  writeFileSync(join(home, 'backups', 'going-back.json'), JSON.stringify({ id: '2026-01-01T00-00-00-000Z' }))
  const hearth = await openHome(home)
  expect(hearth.told()).toMatchObject([{ code: 'went-back-in-part' }])
  await hearth.close()
  expect((await openHome(home)).told()).toEqual([])
})

// The dialog says that nothing was changed.
test('when the forms cannot go back, the chats that already have are put back', async () => {
  const hearth = await openHome(temporaryHome())
  await hearth.forms.create({ name: 'Bills', instructions: '', fields: [] })
  await hearth.talk('Trees?')
  await hearth.backups.take()
  await hearth.talk('Ships?')
  // A table that no backup has.
  const database = Database.open(join(hearth.home, 'forms', 'forms.db'))
  database.exec('CREATE TABLE later (id TEXT) STRICT')
  database.close()
  await expect(hearth.backups.goBack(hearth.kept()[0]?.id ?? '')).rejects.toMatchObject({ code: 'database' })
  await expect.poll(hearth.titles).toEqual(['Ships?', 'Trees?'])
  expect(hearth.told()).toEqual([])
  expect(existsSync(join(hearth.backups.folder, 'going-back.json'))).toBe(false)
})

test('killed in the middle of a backup: nothing half counts, and the next one clears it away', async () => {
  const home = await filledHome(10)
  const child = start(home, 'halting')
  const ended = once(child, 'exit')
  while (foldersOf(home).length === 0) await delay(1)
  child.kill('SIGKILL')
  await ended
  const [half = ''] = foldersOf(home)
  expect(existsSync(join(home, 'backups', half, 'about.json'))).toBe(false)
  const again = await openHome(home)
  expect(again.kept()).toEqual([])
  await again.backups.take()
  expect(again.kept()).toHaveLength(1)
  expect(foldersOf(home)).toEqual([again.kept()[0]?.id])
})

test('while another Hearth makes a backup this one is told so, and a look passes by in silence', async () => {
  const hearth = await openHome(temporaryHome())
  await hearth.talk('Trees?')
  const other = FileLock.take(join(hearth.backups.folder, 'lock'))
  await expect(hearth.backups.take()).rejects.toMatchObject({ code: 'in-use' })
  await hearth.backups.look()
  expect(hearth.state()).toMatchObject({ backups: [], problem: null, working: null })
  other?.release()
  await hearth.backups.look()
  expect(hearth.kept()).toHaveLength(1)
})

test('a home that another process writes to: its backup is made, and read by both', async () => {
  const home = temporaryHome()
  const hearth = await openHome(home)
  await hearth.talk('Trees?')
  const child = start(home)
  await once(child, 'exit')
  await hearth.backups.take()
  expect(hearth.kept()).toHaveLength(2)
  await hearth.backups.goBack(hearth.kept()[1]?.id ?? '')
  expect(hearth.titles()).toEqual(['Trees?'])
})

test.runIf(canMount)('a full disk: no backup, no going back, nothing lost, and both once there is space', async () => {
  const disk = new SmallDisk(40)
  onTestFinished(() => disk.unmount())
  const hearth = await openHome(disk.path)
  await hearth.talk('Trees?', [redCircle])
  await hearth.backups.take()
  const [backup] = hearth.kept()
  await hearth.talk('Ships?')
  disk.fill()
  await hearth.backups.look()
  await expect(hearth.backups.take()).rejects.toMatchObject({ code: 'disk-full' })
  await expect(hearth.backups.goBack(backup?.id ?? '')).rejects.toMatchObject({ code: 'disk-full' })
  expect(hearth.titles()).toEqual(['Ships?', 'Trees?'])
  expect(hearth.kept()).toEqual([backup])
  expect(foldersOf(disk.path)).toEqual([backup?.id])
  disk.free()
  await hearth.backups.goBack(backup?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['Trees?'])
})

test('a backup that was due and could not be made is told, until the next one can', async () => {
  const home = temporaryHome()
  const hearth = await openHome(home)
  await hearth.talk('Trees?')
  // In the place of a folder lies a file.
  writeFileSync(join(home, 'backups'), '')
  await hearth.backups.look()
  expect(hearth.told()).toMatchObject([{ code: 'backup-failed' }])
  expect(hearth.state()?.problem).not.toBeNull()
  rmSync(join(home, 'backups'))
  await hearth.backups.look()
  expect(hearth.told()).toEqual([])
  expect(hearth.state()).toMatchObject({ problem: null, backups: [{ reason: 'daily' }] })
})

// It was cleared away, being old, before it was gone back to.
test('the backup that is gone back to stays until then, however old', async () => {
  let now = Date.now()
  const hearth = await openHome(temporaryHome(), { now: () => now })
  for (const title of ['One?', 'Two?', 'Three?']) {
    await hearth.talk(title)
    await hearth.backups.take()
    now += 1_000
  }
  const first = hearth.kept().at(-1)
  now += 60 * day
  await hearth.backups.goBack(first?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['One?'])
})

// They were taken for half ones, and removed by an older Hearth.
test('backups of a newer version are left alone, with their pictures', async () => {
  const hearth = await openHome(temporaryHome())
  const { picture } = await hearth.talk('Trees?', [redCircle])
  await hearth.backups.take()
  const [newer] = hearth.kept()
  const about = join(hearth.backups.folder, newer?.id ?? '', 'about.json')
  writeFileSync(about, readFileSync(about, 'utf8').replace('"asked"', '"of-a-newer-version"'))
  await hearth.conversations.listing.delete((await hearth.talk('Ships?')).conversationId)
  await hearth.backups.take()
  expect(hearth.kept()).toHaveLength(1)
  expect(foldersOf(hearth.home)).toHaveLength(2)
  expect(existsSync(join(hearth.backups.folder, 'pictures', picture?.hash ?? ''))).toBe(true)
})

test('neither a copy that cannot be read nor a clock that was wrong keeps backups from being made', async () => {
  let now = Date.now() + 365 * day
  const home = temporaryHome()
  const hearth = await openHome(home, { now: () => now })
  await hearth.talk('Trees?')
  await hearth.backups.take()
  now -= 364 * day
  writeFileSync(join(home, 'conversations-before-version-9-2026-01-01T00-00-00-000Z.db'), 'no database')
  await hearth.backups.look()
  expect(hearth.kept().map(({ reason }) => reason)).toEqual(['asked', 'daily'])
  expect(hearth.told()).toMatchObject([{ code: 'backup-failed' }])
})

// A chat that was removed for good stayed in every backup until that one was old.
test('one backup is removed: the disk gets back what was said, and no picture goes that something else has', async () => {
  const hearth = await openHome(temporaryHome())
  const folder = hearth.backups.folder
  const bytes = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name !== 'lock')
      .map(({ parentPath, name }) => statSync(join(parentPath, name)))
      .reduce((sum, { size, nlink }) => sum + size / nlink, 0)
  const inPool = () => readdirSync(join(folder, 'pictures')).sort()
  const kept = await hearth.talk('Trees?', [redCircle])
  const doomed = await hearth.talk('Ships?', [blueSquare])
  await hearth.backups.take()
  await hearth.conversations.listing.delete(doomed.conversationId)
  await hearth.conversations.trash.remove([doomed.conversationId])
  await hearth.backups.take()
  const [newer, older] = hearth.kept()
  expect(inPool()).toEqual([kept.picture?.hash, doomed.picture?.hash].sort())

  const before = bytes()
  const freed = await hearth.backups.freedBy(older?.id ?? '')
  expect(freed).toBeGreaterThan(older?.bytes ?? 0)
  await hearth.backups.remove(older?.id ?? '')
  // about.json, of a few hundred bytes, is not worth a word.
  expect(Math.abs(before - bytes() - freed)).toBeLessThan(500)
  expect(hearth.kept()).toEqual([newer])
  expect(inPool()).toEqual([kept.picture?.hash])
  await expect(hearth.backups.remove(older?.id ?? '')).rejects.toMatchObject({ code: 'not-found' })
  await expect(hearth.backups.freedBy('../..')).rejects.toMatchObject({ code: 'not-found' })

  // What is left still leads back.
  await hearth.backups.goBack(newer?.id ?? '')
  await expect.poll(hearth.titles).toEqual(['Trees?'])
})

test('no backup is removed while another process uses them, or while its going back is to be ended', async () => {
  const hearth = await openHome(temporaryHome())
  await hearth.talk('Trees?')
  await hearth.backups.take()
  const id = hearth.kept()[0]?.id ?? ''
  const lock = FileLock.take(join(hearth.backups.folder, 'lock'))
  await expect(hearth.backups.remove(id)).rejects.toMatchObject({ code: 'in-use' })
  lock?.release()
  writeFileSync(join(hearth.backups.folder, 'going-back.json'), JSON.stringify({ id }))
  await expect(hearth.backups.remove(id)).rejects.toMatchObject({ code: 'in-use' })
  rmSync(join(hearth.backups.folder, 'going-back.json'))
  const twice = [hearth.backups.remove(id), hearth.backups.remove(id)]
  expect((await Promise.allSettled(twice)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(foldersOf(hearth.home)).toEqual([])
})

test('settings go along, and strangers in the folder are left alone', async () => {
  const home = temporaryHome()
  const hearth = await openHome(home)
  await hearth.talk('Trees?')
  writeFileSync(join(home, 'settings.json'), '{"theme":"dark"}')
  mkdirSync(join(home, 'backups', 'mine'), { recursive: true })
  await hearth.backups.take()
  const [backup] = hearth.kept()
  expect(readFileSync(join(home, 'backups', backup?.id ?? '', 'settings.json'), 'utf8')).toBe('{"theme":"dark"}')
  expect(existsSync(join(home, 'backups', 'mine'))).toBe(true)
})

function start(...words: string[]) {
  const script = join(import.meta.dirname, 'backing-up-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...words], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
