import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { Problem } from '../../../main/problem.ts'
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

// The new question hung beside the restored answer: no path held both, and no version led to it.
test('what was asked since an answer was deleted follows it when it is taken back', async () => {
  const { conversations, shown, first, second, ask, answer } = await talk()
  const last = await conversations.deleteMessage(second.replyId)
  const third = await ask('Three?', first.conversationId, second.questionId)
  answer('Third.')
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await conversations.restoreMessages(last.messageIds)
  expect(shown.texts).toEqual(['One?', 'First.', 'Two?', 'Second.', 'Three?', 'Third.'])
  await ask('Four?', first.conversationId, third.replyId)
  answer('Fourth.')
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'complete', content: 'Fourth.' }))

  // Deleted one by one and taken back in another order, all of it stands as it was.
  const ids = shown.messages.map(({ id }) => id)
  const whole = shown.texts
  for (const id of [...ids].reverse()) await conversations.deleteMessage(id)
  expect(shown.texts).toEqual([])
  for (const at of [3, 0, 6, 1, 7, 5, 2, 4]) await conversations.restoreMessages([ids[at] ?? ''])
  expect(shown.texts).toEqual(whole)
})

test('a question asked where a deleted one was begins another version, and so does its own edit', async () => {
  const { conversations, shown, first, second, ask, answer } = await talk()
  await conversations.deleteMessage(first.replyId)
  // Another version of the second question, which hangs on the first now.
  await ask('Zwei?', first.conversationId, first.questionId)
  answer('Zweitens.')
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  expect(shown.texts).toEqual(['One?', 'Zwei?', 'Zweitens.'])
  await conversations.restoreMessages([first.replyId])
  expect(shown.texts).toEqual(['One?', 'First.', 'Zwei?', 'Zweitens.'])
  expect(shown.messages[2]?.versions).toHaveLength(2)
  await conversations.selectVersion(second.questionId)
  expect(shown.texts).toEqual(['One?', 'First.', 'Two?', 'Second.'])
})

// It went on out of sight, and nothing stopped it.
test('taking a message back leaves the answer that is being written in sight', async () => {
  const { conversations, shown, first, ask, inference } = await talk()
  const { messageIds } = await conversations.deleteMessage(shown.last?.id ?? '')
  await ask('Three?', first.conversationId, shown.last?.id)
  inference.last.write('Thi')
  await vi.waitFor(() => expect(shown.last?.content).toBe('Thi'))
  await conversations.restoreMessages(messageIds)
  expect(shown.texts).toEqual(['One?', 'First.', 'Two?', 'Second.', 'Three?', 'Thi'])
  // A version beside the one that is being written is taken back, too, and does not take its place.
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  const old = shown.last?.id ?? ''
  await conversations.regenerate({ messageId: old, model })
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  const gone = await conversations.deleteMessage(old)
  const { replyId } = await conversations.regenerate({ messageId: shown.last?.id ?? '', model })
  inference.last.write('At last.')
  await vi.waitFor(() => expect(shown.last?.content).toBe('At last.'))
  await conversations.restoreMessages(gone.messageIds)
  expect(shown.last).toMatchObject({ id: replyId, content: 'At last.' })
  expect(shown.last?.versions).toHaveLength(3)
  await conversations.close()
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
  const early = (await hearth(home, () => today)).conversations
  await early.trash.tidy(today)
  await early.close()
  expect(contents()).toEqual(['One?', 'First.', 'Two?', 'Second.'])
  today = 31 * day
  const late = await hearth(home, () => today)
  expect(late.watch(first.conversationId).texts).toEqual(['One?', 'Second.'])
  await vi.waitFor(() => expect(contents()).toEqual(['One?', 'Second.']))
  await late.conversations.close()
  expect((await hearth(home, () => today)).watch(first.conversationId).texts).toEqual(['One?', 'Second.'])
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

// Stopped before its first word, an answer must not stand as if it were being written, nor be asked to go on from
// nothing.
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
  await vi.waitFor(() => expect(onDisk(home).at(-1)).toMatchObject({ content: 'One, ', parts: 'two, ' }))
  // As a kill leaves it: the files as they are, and nobody who holds the lock.
  const killed = temporaryHome()
  for (const end of ['', '-wal'])
    copyFileSync(join(home, `conversations.db${end}`), join(killed, `conversations.db${end}`))
  const again = await hearth(killed)
  expect(again.watch(conversationId).last).toMatchObject({ content: 'One, two, ', state: 'interrupted' })
  await conversations.close()
})

// The whole answer was taken for failed: no later question was asked with it, and there was no way to go on.
test('an answer that fails when it is gone on with keeps all it had, and is gone on with by another model', async () => {
  const { ask, inference, watch, conversations } = await hearth()
  const { conversationId, replyId } = await ask('Count.')
  const shown = watch(conversationId)
  inference.last.reads(1)
  inference.last.write('One, ')
  inference.last.finish('length')
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  const begun = { metrics: shown.last?.metrics, context: shown.last?.context, content: 'One, ' }
  expect(begun).toMatchObject({ metrics: { outputTokens: 3 }, context: { size: 512 } })
  await conversations.continue({ messageId: replyId, model: 'gone' })
  inference.last.fail(new Problem('model-not-found', 404, `model 'gone' not found`))
  await vi.waitFor(() => expect(shown.last).toMatchObject({ ...begun, state: 'failed' }))

  await vi.waitFor(() => conversations.continue({ messageId: replyId, model: 'other' }))
  expect(shown.last).toMatchObject({ ...begun, state: 'waiting', problem: null })
  expect(inference.last.request).toMatchObject({
    model: 'other',
    messages: [
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: 'One, ' },
    ],
  })
  // Nothing was written yet, so nothing of it has changed.
  await conversations.stop(replyId)
  expect(shown.last).toMatchObject({ ...begun, state: 'stopped' })
  await conversations.close()
})

test('the engine crashes in the middle of an answer, which goes on where it broke off', async () => {
  const home = temporaryHome()
  const { ask, inference, watch, conversations } = await hearth(home)
  const { conversationId, replyId } = await ask('Count.')
  const shown = watch(conversationId)
  inference.last.write('One, ')
  inference.last.fail(new Problem('engine-crashed', 500, 'model runner has unexpectedly stopped'))
  await vi.waitFor(() => expect(shown.last?.state).toBe('failed'))
  await vi.waitFor(() => conversations.continue({ messageId: replyId, model }))
  inference.last.write('two.')
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'complete', content: 'One, two.', problem: null }))
  await conversations.close()
  expect((await hearth(home)).watch(conversationId).last).toMatchObject({ state: 'complete', content: 'One, two.' })
})

// Another answer was taken for the question, and answered.
test('an answer whose question was deleted is not answered again, and can be gone on with', async () => {
  const { conversations, shown, first, second, inference } = await talk()
  await conversations.deleteMessage(second.questionId)
  expect(shown.texts).toEqual(['One?', 'First.', 'Second.'])
  const lost = { code: 'invalid-request', message: 'the question of this reply was deleted' }
  await expect(conversations.regenerate({ messageId: second.replyId, model })).rejects.toMatchObject(lost)
  await conversations.deleteMessage(first.questionId)
  await expect(conversations.regenerate({ messageId: first.replyId, model })).rejects.toMatchObject(lost)
  await conversations.deleteMessage(second.replyId)
  await conversations.continue({ messageId: first.replyId, model })
  expect(inference.last.request.messages).toEqual([
    { role: 'user', content: '' },
    { role: 'assistant', content: 'First.' },
  ])
  inference.last.write(' And last.')
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last).toMatchObject({ state: 'complete', content: 'First. And last.' }))
  expect(shown.last).toMatchObject({ parentId: null, versions: [first.replyId] })
})

test('only an answer with text is gone on with', async () => {
  const { conversations, first } = await talk()
  await expect(conversations.continue({ messageId: first.questionId, model })).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(conversations.continue({ messageId: 'nowhere', model })).rejects.toMatchObject({ code: 'not-found' })
})
