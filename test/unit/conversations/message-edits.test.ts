import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { hearth, model, onDisk } from './opened-hearth.ts'
import { temporaryHome } from './temporary-home.ts'

/** A chat of two questions with their answers. */
async function talk(home = temporaryHome(), now?: () => number) {
  const opened = await hearth(home, now)
  const { ask, inference, watch } = opened
  const answer = (text: string) => {
    inference.last.write(text)
    inference.last.finish()
  }
  const first = await ask('One?')
  answer('First.')
  const shown = watch(first.conversationId)
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  const second = await ask('Two?', first.conversationId, first.replyId)
  answer('Second.')
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  return { ...opened, answer, shown, first, second }
}

test('a deleted message is gone for the window and the model, what follows stays, and it can be taken back', async () => {
  const { conversations, shown, first, second, ask, inference } = await talk()
  const { messageIds } = await conversations.deleteMessage(first.replyId)
  expect(shown.texts).toEqual(['One?', 'Two?', 'Second.'])
  await ask('Three?', first.conversationId, second.replyId)
  expect(inference.last.request.messages).toEqual([
    { role: 'user', content: 'One?\n\nTwo?' },
    { role: 'assistant', content: 'Second.' },
    { role: 'user', content: 'Three?' },
  ])
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await conversations.restoreMessages(messageIds)
  expect(shown.texts).toEqual(['One?', 'First.', 'Two?', 'Second.', 'Three?', ''])
})

test('a deleted version goes with what follows it, and the other version is shown', async () => {
  const { conversations, shown, first, answer } = await talk()
  const { replyId } = await conversations.regenerate({ messageId: first.replyId, model })
  answer('First, again.')
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await conversations.selectVersion(first.replyId)
  const { messageIds } = await conversations.deleteMessage(first.replyId)
  expect(messageIds).toHaveLength(3)
  expect(shown.texts).toEqual(['One?', 'First, again.'])
  expect(shown.last?.versions).toEqual([replyId])
  await conversations.restoreMessages(messageIds)
  expect(shown.texts).toEqual(['One?', 'First.', 'Two?', 'Second.'])
})

test('the last message can be deleted, and the only one', async () => {
  const { conversations, shown, first, second } = await talk()
  for (const id of [second.replyId, second.questionId, first.replyId]) await conversations.deleteMessage(id)
  expect(shown.texts).toEqual(['One?'])
  await conversations.deleteMessage(first.questionId)
  expect(shown.texts).toEqual([])
  await expect(conversations.deleteMessage(first.questionId)).rejects.toMatchObject({ code: 'not-found' })
})

test('while an answer is written nothing of its chat is deleted', async () => {
  const { conversations, first, second, ask, inference } = await talk()
  await ask('Three?', first.conversationId, second.replyId)
  await expect(conversations.deleteMessage(first.replyId)).rejects.toMatchObject({ code: 'in-use' })
  inference.last.finish()
})

// For thirty days it can be taken back; then nothing of it is left, and what answered it still has a place.
test('after thirty days a deleted message is gone from the disk', async () => {
  const home = temporaryHome()
  const day = 24 * 60 * 60 * 1000
  let today = 0
  const { conversations, first, second } = await talk(home, () => today)
  await conversations.deleteMessage(first.replyId)
  await conversations.deleteMessage(second.questionId)
  await conversations.close()
  const contents = () => {
    const database = Database.openPlain(join(home, 'conversations.db'))
    const rows = database.rows({ content: 'TEXT' }, 'FROM messages ORDER BY number')
    database.close()
    return rows.map(({ content }) => content)
  }
  today = 29 * day
  await (await hearth(home, () => today)).conversations.close()
  expect(contents()).toEqual(['One?', 'First.', 'Two?', 'Second.'])
  today = 31 * day
  const late = await hearth(home, () => today)
  expect(late.watch(first.conversationId).texts).toEqual(['One?', 'Second.'])
  await late.conversations.close()
  expect(contents()).toEqual(['One?', 'Second.'])
})

test('an answer that was stopped is gone on with at its end, and the model sees its beginning', async () => {
  const home = temporaryHome()
  const opened = await hearth(home)
  const { ask, inference, watch, conversations } = opened
  const { conversationId, replyId } = await ask('Count.')
  const shown = watch(conversationId)
  inference.last.write('One, two, ', 'Hm.')
  await vi.waitFor(() => expect(shown.last?.content).toBe('One, two, '))
  await conversations.stop(replyId)
  await conversations.continue({ messageId: replyId, model: 'other' })
  expect(inference.last.request).toMatchObject({
    model: 'other',
    think: false,
    messages: [
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: 'One, two, ' },
    ],
  })
  expect(shown.last).toMatchObject({ id: replyId, state: 'waiting', content: 'One, two, ' })
  inference.last.write('three.')
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'streaming', content: 'One, two, three.' }))
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'complete', thinking: 'Hm.' }))
  await conversations.close()
  const again = await hearth(home)
  expect(again.watch(conversationId).texts).toEqual(['Count.', 'One, two, three.'])
})

// Stopped before its first word, an answer must not stand as if it were being written, nor be asked to go on from nothing.
test('an answer that is stopped while the model thinks keeps what it thought, and is asked for again', async () => {
  const home = temporaryHome()
  const { ask, inference, watch, conversations } = await hearth(home)
  const { conversationId, replyId } = await ask('Why?')
  const shown = watch(conversationId)
  inference.last.write('', 'First, the map.')
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'streaming', thinking: 'First, the map.' }))
  await conversations.stop(replyId)
  expect(inference.last.aborted).toBe(true)
  await vi.waitFor(() =>
    expect(shown.last).toMatchObject({ state: 'stopped', content: '', thinking: 'First, the map.' }),
  )
  await expect(conversations.continue({ messageId: replyId, model })).rejects.toMatchObject({ code: 'invalid-request' })
  await conversations.regenerate({ messageId: replyId, model })
  inference.last.write('Because.')
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'complete', content: 'Because.' }))
  await conversations.close()
  const again = (await hearth(home)).watch(conversationId)
  expect(again.last).toMatchObject({ content: 'Because.', versions: [replyId, again.last?.id] })
})

test('an answer that was cut off is gone on with after the app was started again', async () => {
  const home = temporaryHome()
  const { ask, inference, conversations } = await hearth(home)
  const { conversationId, replyId } = await ask('Count.')
  inference.last.write('One, ')
  inference.last.finish('length')
  await conversations.close()
  const again = await hearth(home)
  await again.conversations.continue({ messageId: replyId, model })
  expect(again.inference.last.request.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'One, ' })
  const shown = again.watch(conversationId)
  again.inference.last.write('two.')
  again.inference.last.finish()
  await vi.waitFor(() => expect(shown.last).toMatchObject({ id: replyId, state: 'complete', content: 'One, two.' }))
})

// What is on disk is the beginning and parts after it: joining them must not double the beginning.
test('an answer that is gone on with survives the end of the app in its middle', async () => {
  const home = temporaryHome()
  const { ask, inference, conversations } = await hearth(home)
  const { conversationId, replyId } = await ask('Count.')
  inference.last.write('One, ')
  inference.last.finish('length')
  await vi.waitFor(async () => conversations.continue({ messageId: replyId, model }))
  inference.last.write('two, ')
  await vi.waitFor(() => expect(onDisk(home).at(-1)).toMatchObject({ content: 'One, ', parts: 'two, ' }), 3000)
  // As a kill leaves it: the files as they are, and nobody who holds the lock.
  const killed = temporaryHome()
  for (const end of ['', '-wal'])
    copyFileSync(join(home, `conversations.db${end}`), join(killed, `conversations.db${end}`))
  const again = await hearth(killed)
  expect(again.watch(conversationId).last).toMatchObject({ content: 'One, two, ', state: 'interrupted' })
  await conversations.close()
})

test('only an answer with text is gone on with', async () => {
  const { conversations, first } = await talk()
  await expect(conversations.continue({ messageId: first.questionId, model })).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(conversations.continue({ messageId: 'nowhere', model })).rejects.toMatchObject({ code: 'not-found' })
})
