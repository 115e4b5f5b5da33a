import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Database } from '../../../main/database/database.ts'
import { Notices } from '../../../main/settings/notices.ts'
import type { Notice } from '../../../preload/contract.ts'
import { ScriptedInference } from './scripted-inference.ts'
import { temporaryHome } from './temporary-home.ts'

async function open(home: string) {
  const notices = new Notices()
  let told: Notice[] = []
  notices.watch(all => {
    told = all
  })
  const inference = new ScriptedInference()
  const conversations = await Conversations.open({ home, inference, notices })
  onTestFinished(() => conversations.close())
  const ask = (content: string) => conversations.send({ conversationId: null, parentId: null, content, model: 'tiny' })
  return { conversations, inference, notices, ask, told: () => told }
}

/** A home with one conversation, in a file that no connection of this process has open. */
async function filledHome(): Promise<string> {
  const first = temporaryHome()
  const { conversations, ask } = await open(first)
  await ask('One?')
  await conversations.close()
  const home = temporaryHome()
  copyFileSync(join(first, 'conversations.db'), join(home, 'conversations.db'))
  return home
}

function holdAlone(home: string): () => void {
  const other = Database.openPlain(join(home, 'conversations.db'))
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  return () => {
    other.exec('COMMIT')
    other.close()
  }
}

test('a file another program holds: the app opens, says so, and shows everything once it is let go', async () => {
  const home = await filledHome()
  const letGo = holdAlone(home)
  const { conversations, ask, told } = await open(home)
  const path = join(home, 'conversations.db')
  expect(told()).toMatchObject([{ code: 'database-unavailable', values: { path, reason: 'locked' } }])
  const lists: string[][] = []
  conversations.watchList(event =>
    lists.push(event.type === 'all' ? event.conversations.map(({ title }) => title) : []),
  )
  await expect(ask('Two?')).rejects.toMatchObject({ name: 'Problem', code: 'database', status: 503 })
  // A window that asks for a chat meanwhile does not replace the reason by a vaguer one.
  conversations.watch('any', () => undefined)()
  expect(told()).toMatchObject([{ values: { reason: 'locked' } }])
  letGo()
  await vi.waitFor(() => expect(lists).toEqual([[], ['One?']]))
  expect(told()).toEqual([])
  await ask('Two?')
})

test('a notice the person has closed does not come back at every try', async () => {
  const home = await filledHome()
  const letGo = holdAlone(home)
  onTestFinished(letGo)
  const { ask, notices, told } = await open(home)
  notices.dismiss(told()[0]?.id ?? '')
  await expect(ask('Two?')).rejects.toMatchObject({ status: 503 })
  expect(told()).toEqual([])
})

test('a newer version’s database: said, not touched, and the app stays up', async () => {
  const home = await filledHome()
  const database = Database.openPlain(join(home, 'conversations.db'))
  database.exec('PRAGMA user_version = 99')
  database.close()
  const { ask, told, conversations } = await open(home)
  expect(told()).toMatchObject([{ code: 'database-unavailable', values: { reason: 'newer' } }])
  await expect(ask('Two?')).rejects.toMatchObject({ code: 'database' })
  await conversations.close()
})

test('a damaged database: where it lies and what was rescued is told, and asking works', async () => {
  const home = temporaryHome()
  writeFileSync(join(home, 'conversations.db'), 'x'.repeat(5_000))
  const { ask, told } = await open(home)
  const path = expect.stringMatching(/conversations-set-aside-.*\.db$/)
  expect(told()).toMatchObject([{ code: 'database-set-aside', values: { path, conversations: 0, messages: 0 } }])
  await ask('One?')
})

test('a home that cannot be made: said, and the app stays up', async () => {
  const home = join(temporaryHome(), 'file', 'home')
  mkdirSync(join(home, '..', '..'), { recursive: true })
  writeFileSync(join(home, '..'), '')
  const { ask, told, conversations } = await open(home)
  expect(told()).toMatchObject([{ code: 'database-unavailable', values: { reason: 'unreadable' } }])
  await expect(ask('One?')).rejects.toMatchObject({ code: 'database' })
  conversations.watchList(event => expect(event).toEqual({ type: 'all', conversations: [], folders: [] }))()
})

test('a database held for a while in mid-answer: nothing is lost, and nothing waits for it', async () => {
  const home = temporaryHome()
  const { conversations, inference, ask, told } = await open(home)
  const { conversationId } = await ask('One?')
  const other = Database.open(join(home, 'conversations.db'))
  other.exec('BEGIN IMMEDIATE')
  inference.last.write('Text')
  let content = ''
  conversations.watch(conversationId, event => {
    if (event.type === 'message') content = event.message.content
  })
  await vi.waitFor(() => expect(content).toBe('Text'))
  inference.last.write(' and more')
  inference.last.finish()
  // Longer than a save is patient.
  await vi.waitFor(() => expect(told()).toMatchObject([{ values: { reason: 'locked' } }]))
  other.exec('ROLLBACK')
  await vi.waitFor(() => expect(told()).toEqual([]))
  expect(other.rows({ content: 'TEXT' }, `FROM messages WHERE role = 'assistant'`)).toEqual([
    { content: 'Text and more' },
  ])
  other.close()
})

test.skipIf(process.platform === 'win32')('chats whose file is deleted while they are open are not lost', async () => {
  const home = temporaryHome()
  const path = join(home, 'conversations.db')
  const { conversations, ask, told } = await open(home)
  await ask('Before?')
  rmSync(path)
  await ask('After?')
  expect(told()).toMatchObject([{ code: 'database-put-back', values: { path } }])
  await conversations.close()
  const titles: string[] = []
  const again = await open(home)
  again.conversations.watchList(event => {
    if (event.type === 'all') titles.push(...event.conversations.map(({ title }) => title))
  })
  expect(titles.sort()).toEqual(['After?', 'Before?'])
})
