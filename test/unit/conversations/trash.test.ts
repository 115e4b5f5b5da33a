import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { draw, redCircle } from '../../integration/pictures.ts'
import { hearth, model, onDisk } from './opened-hearth.ts'
import { aConversation, aMessage, fileOfRecords, imported } from './transfer/files.ts'

async function twoChats() {
  const opened = await hearth()
  const { conversations, inference, watch } = opened
  const content = new Uint8Array(draw([redCircle]))
  const picture = await conversations.attach({ name: 'red.png', content })
  const talk = async (content: string) => {
    const asked = { conversationId: null, parentId: null, content, model, attachments: [picture] }
    const { conversationId } = await conversations.send(asked)
    const shown = watch(conversationId)
    inference.last.write('Yes.')
    inference.last.finish()
    await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
    return conversationId
  }
  const pictures = () => readdirSync(join(opened.home, 'attachments'))
  return { ...opened, trash: conversations.trash, pictures, one: await talk('One?'), two: await talk('Two?') }
}

test('a deleted chat is in the trash until it is taken back, or removed for good', async () => {
  const { conversations, trash, one, two, listed, home } = await twoChats()
  await conversations.listing.delete(one)
  await conversations.listing.delete(two)
  expect(await trash.list()).toMatchObject([
    { id: two, title: 'Two?', messages: 2, deletedAt: expect.any(Number) },
    { id: one, title: 'One?', messages: 2 },
  ])
  await conversations.listing.restore(one)
  await trash.remove([one, two, 'never-was'])
  expect(await trash.list()).toEqual([])
  // One that was taken out of the trash meanwhile is not removed by an older list.
  expect(listed().map(({ id }) => id)).toEqual([one])
  await expect(conversations.listing.restore(two)).rejects.toMatchObject({ code: 'not-found' })
  await conversations.close()
  expect((await hearth(home)).watch(one).texts).toEqual(['One?', 'Yes.'])
})

// A computer whose battery was empty starts in 2000: what is deleted then was gone at the first start in the right
// year.
test('what is deleted while the clock is years behind stays as long as anything else', async () => {
  let now = Date.UTC(2026, 10, 21)
  const clock = () => now
  const { conversations, inference, ask, home } = await hearth(undefined, clock)
  const [{ conversationId }, kept] = [await ask('One?'), await ask('Two?')]
  for (const chat of inference.chats) chat.finish()
  now = Date.UTC(2000, 0, 1)
  await vi.waitFor(() => conversations.listing.delete(conversationId))
  const { messageIds } = await vi.waitFor(() => conversations.deleteMessage(kept.questionId))
  await conversations.close()
  now = Date.UTC(2026, 11, 20)
  const again = await hearth(home, clock)
  expect(await again.conversations.trash.list()).toMatchObject([{ id: conversationId }])
  await again.conversations.restoreMessages(messageIds)
  expect(again.watch(kept.conversationId).texts).toContain('Two?')
  await again.conversations.close()
  now = Date.UTC(2027, 0, 1)
  const { trash } = (await hearth(home, clock)).conversations
  await vi.waitFor(async () => expect(await trash.list()).toEqual([]))
})

// All of it went in one write, at the start, in which the window stood still.
test('what has been in the trash for long goes some messages at a time, beside everything else', async () => {
  const day = 24 * 60 * 60 * 1_000
  let now = Date.UTC(2026, 0, 1)
  const clock = () => now
  const { conversations, listed, home } = await hearth(undefined, clock)
  const chat = (n: number) =>
    Array.from({ length: 5_000 }, (_, index) =>
      aMessage(n * 10_000 + index, n, index === 0 ? null : n * 10_000 + index - 1),
    )
  await imported(conversations, fileOfRecords([1, 2, 3].flatMap(n => [aConversation(n), ...chat(n)])))
  const [one, two, kept] = listed().map(({ id }) => id)
  await conversations.listing.delete(one!)
  await conversations.listing.delete(two!)
  await conversations.deleteMessage(conversations.shown(kept!)!.messages[1]!.id)
  await conversations.close()
  now += 31 * day
  const run = vi.spyOn(Database.prototype, 'run')
  const again = await hearth(home, clock)
  await vi.waitFor(async () => expect(await again.conversations.trash.list()).toEqual([]))
  await vi.waitFor(() => expect(onDisk(home)).toHaveLength(4_999))
  const removed = run.mock.calls.flatMap(([sql], at) =>
    sql.startsWith('DELETE FROM messages') ? Number(run.mock.results[at]?.value) : [],
  )
  run.mockRestore()
  expect(Math.max(...removed)).toBe(300)
  expect(removed.reduce((sum, each) => sum + each)).toBe(10_001)
  expect(again.listed().map(({ id }) => id)).toEqual([kept])
})

test('a chat goes on in its order after the clock was set back and the app started again', async () => {
  let now = Date.UTC(2026, 10, 21)
  const clock = () => now
  const { conversations, inference, ask, home } = await hearth(undefined, clock)
  const { conversationId, replyId } = await ask('One?')
  inference.last.write('First.')
  inference.last.finish()
  await conversations.close()
  now -= 365 * 24 * 60 * 60 * 1_000
  const again = await hearth(home, clock)
  await again.ask('Two?', conversationId, replyId)
  again.inference.last.write('Second.')
  again.inference.last.finish()
  await again.conversations.close()
  const { watch, conversations: last } = await hearth(home, clock)
  expect(watch(conversationId).texts).toEqual(['One?', 'First.', 'Two?', 'Second.'])
  const { messages } = await vi.waitFor(async () => {
    const found = await last.search({ query: '?', before: null, limit: 5 })
    expect(found.messages).toHaveLength(2)
    return found
  })
  // The newest first, whatever the clock said.
  expect(messages.map(({ excerpt }) => excerpt.map(({ text }) => text).join(''))).toEqual(['Two?', 'One?'])
})

test('a picture goes with the last chat that shows it', async () => {
  const { conversations, trash, one, two, pictures } = await twoChats()
  await conversations.listing.delete(one)
  await trash.remove([one])
  expect(pictures()).toHaveLength(1)
  await conversations.listing.delete(two)
  await trash.remove([two])
  expect(pictures()).toEqual([])
})

test('a long chat is removed piece by piece, and its words are found no more', async () => {
  const { conversations, listed } = await hearth()
  const find = async () => (await conversations.search({ query: 'needle', before: null, limit: 5 })).messages
  const messages = Array.from({ length: 1_000 }, (_, index) =>
    aMessage(index + 1, 1, index === 0 ? null : index, { content: 'needle' }),
  )
  await imported(conversations, fileOfRecords([aConversation(1), ...messages]))
  await vi.waitFor(async () => expect(await find()).toHaveLength(5))
  const id = listed()[0]?.id ?? ''
  await conversations.listing.delete(id)
  await conversations.trash.remove([id])
  expect(await conversations.trash.list()).toEqual([])
  expect(await find()).toEqual([])
})

// A question is drawn as it was typed: nobody knew it again without the asterisks of its code.
test('deleted messages are told as they were read', async () => {
  let now = Date.now()
  const { conversations, inference, ask } = await hearth(undefined, () => ++now)
  const content = 'What does **kwargs in __init__ do?'
  const { conversationId, replyId, questionId } = await ask(content)
  inference.last.write('It takes **all** that is `named`.')
  inference.last.finish()
  const picture = await conversations.attach({ name: '_a_ b.png', content: new Uint8Array(draw([redCircle])) })
  const asked = { conversationId, parentId: replyId, content: '', model, attachments: [picture] }
  const pictured = await vi.waitFor(() => conversations.send(asked))
  inference.last.finish()
  for (const id of [questionId, replyId, pictured.questionId]) await vi.waitFor(() => conversations.deleteMessage(id))
  expect((await conversations.trash.messages()).map(({ text }) => text)).toEqual([
    '_a_ b.png',
    'It takes all that is named.',
    content,
  ])
})

// After the toast was gone nothing led to them, for all the 30 days they were still there.
test('deleted messages are listed by what was deleted together, taken back, and removed for good', async () => {
  let now = Date.now()
  const tick = () => {
    now += 1
    return now
  }
  const { conversations, inference, ask, home } = await hearth(undefined, tick)
  const chat = await ask('One question?')
  inference.last.write('An answer.')
  inference.last.finish()
  const { conversationId } = chat
  const follow = await vi.waitFor(() => ask('Two?', conversationId, chat.replyId))
  inference.last.finish()
  const other = await vi.waitFor(() => ask('Two, edited?', conversationId, chat.replyId))
  inference.last.finish()
  const branch = await vi.waitFor(() => conversations.deleteMessage(follow.questionId))
  await conversations.deleteMessage(chat.questionId)
  await conversations.close()
  const again = (await hearth(home)).conversations
  const list = await again.trash.messages()
  expect(list).toMatchObject([
    { messageIds: [chat.questionId], text: 'One question?', role: 'user', title: 'One question?' },
    { messageIds: branch.messageIds, text: 'Two?', conversationId },
  ])
  // Those of a deleted chat come back with it.
  await again.listing.delete(conversationId)
  expect(await again.trash.messages()).toEqual([])
  await again.listing.restore(conversationId)
  await again.restoreMessages(list[1]?.messageIds ?? [])
  expect(again.shown(conversationId)?.messages.map(({ content }) => content)).toContain('Two?')
  // What was taken back meanwhile stays; what hung on a message that goes hangs on the one before it.
  await again.trash.removeMessages([chat.questionId, ...branch.messageIds])
  expect(await again.trash.messages()).toEqual([])
  await expect(again.restoreMessages([chat.questionId])).rejects.toMatchObject({ code: 'not-found' })
  await again.selectVersion(other.questionId)
  expect(again.shown(conversationId)?.messages.map(({ content }) => content)).toEqual([
    'An answer.',
    'Two, edited?',
    '',
  ])
})
