import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Session } from '../../../main/conversations/session.ts'
import { idSource } from '../../../main/database/ids.ts'
import { temporaryHome } from './temporary-home.ts'

const newId = idSource(Date.now)
const now = Date.UTC(2026, 10, 21)

async function open(home: string): Promise<Session> {
  const session = await Session.open(home, newId(), now)
  onTestFinished(() => session.close())
  return session
}

/** A conversation with a reply in flight, written by the session. */
function answering({ store, owner }: Session): { conversationId: string; replyId: string } {
  const [conversationId, questionId, replyId] = [newId(), newId(), newId()]
  store.database.transaction(() => {
    store.addConversation(conversationId, 'Title', 'tiny', now)
    store.addQuestion(questionId, conversationId, null, 'Question', now)
    store.addReply({ id: replyId, conversationId, parentId: questionId, model: 'tiny', owner, createdAt: now })
    store.addReplyPart(replyId, 0, 'one\0 ', 'think ')
    store.addReplyPart(replyId, 1, 'two 你', 'more')
  })
  return { conversationId, replyId }
}

test('six that open at once on an empty home get one database, and each sees what the others wrote', async () => {
  const home = temporaryHome()
  const sessions = await Promise.all(Array.from({ length: 6 }, () => open(home)))
  for (const [index, { store }] of sessions.entries()) {
    await store.database.write(() => store.addConversation(newId(), `Title ${index}`, 'tiny', now))
  }
  for (const { store } of sessions) expect(store.conversations()).toHaveLength(6)
})

test('six that find a damaged file at once set it aside once: the second would take the first one’s new database away', async () => {
  const home = temporaryHome()
  writeFileSync(join(home, 'conversations.db'), 'no database '.repeat(1_000))
  const sessions = await Promise.all(Array.from({ length: 6 }, () => open(home)))
  expect(sessions.filter(({ setAside }) => setAside)).toHaveLength(1)
  expect(readdirSync(home).filter(name => name.includes('set-aside'))).toHaveLength(1)
  await sessions[0]?.store.database.write(() => sessions[0]?.store.addConversation(newId(), 'Kept', 'tiny', now))
  expect(sessions[5]?.store.conversations()).toHaveLength(1)
})

test('a living owner’s reply is left alone; its saved parts can be read', async () => {
  const home = temporaryHome()
  const first = await open(home)
  const { conversationId } = answering(first)
  const second = await open(home)
  expect(second.store.messages.of(conversationId)[1]).toMatchObject({
    state: 'streaming',
    content: 'one\0 two 你',
    thinking: 'think more',
  })
  expect(await second.othersAnswering(conversationId)).toBe(true)
  expect(await first.othersAnswering(conversationId)).toBe(false)
})

test('a dead owner’s reply is interrupted, its parts joined in order with every character', async () => {
  const home = temporaryHome()
  const first = await Session.open(home, newId(), now)
  const { conversationId } = answering(first)
  first.close()
  const { store } = await open(home)
  expect(store.messages.of(conversationId)[1]).toMatchObject({
    state: 'interrupted',
    content: 'one\0 two 你',
    thinking: 'think more',
  })
  expect(store.owners()).toEqual([])
  expect(store.database.rows({ part: 'REAL' }, 'FROM reply_parts')).toEqual([])
})

test('an owner that dies later is found dead when its conversation is asked for', async () => {
  const home = temporaryHome()
  const first = await Session.open(home, newId(), now)
  const { conversationId } = answering(first)
  const second = await open(home)
  first.close()
  expect(await second.othersAnswering(conversationId)).toBe(false)
  expect(second.store.messages.of(conversationId)[1]?.state).toBe('interrupted')
})
