import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { Problem } from '../../../../main/problem.ts'
import { hearth, model } from '../opened-hearth.ts'

/** A chat whose first answer is finished, with titles by models turned on. */
async function answered(wanted = () => true) {
  const opened = await hearth(undefined, undefined, wanted)
  const { ask, inference, watch, listed } = opened
  const sent = await ask('What is the capital of France?')
  const shown = watch(sent.conversationId)
  inference.last.write('Paris.')
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  const title = () => listed().find(({ id }) => id === sent.conversationId)?.title
  return { ...opened, ...sent, shown, title }
}

const begun = (inference: Awaited<ReturnType<typeof answered>>['inference'], chats: number) =>
  vi.waitFor(() => expect(inference.chats).toHaveLength(chats))

test('after the first answer the model that gave it names the chat, in the background', async () => {
  const { inference, title, home, conversations, listed } = await answered()
  await begun(inference, 2)
  expect(title()).toBe('What is the capital of France?')
  expect(inference.last.request).toMatchObject({ model, background: true, think: false, truncate: false })
  // It follows what the model has read already, word for word.
  expect(inference.last.request.messages.slice(0, 2)).toEqual([
    { role: 'user', content: 'What is the capital of France?' },
    { role: 'assistant', content: 'Paris.' },
  ])
  inference.last.write('Capital of France')
  inference.last.finish()
  await vi.waitFor(() => expect(title()).toBe('Capital of France'))
  expect(listed()).toHaveLength(1)
  await conversations.close()
  expect((await hearth(home)).listed()[0]?.title).toBe('Capital of France')
})

test('a title of the person’s stays, also one given while the model was writing another', async () => {
  const { inference, title, conversations, conversationId, replyId, ask, shown } = await answered()
  await begun(inference, 2)
  await conversations.listing.rename(conversationId, 'My own')
  inference.last.write('Capital of France')
  inference.last.finish()
  await ask('And of Italy?', conversationId, replyId)
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await delay(30)
  expect(title()).toBe('My own')
  expect(inference.chats).toHaveLength(3)
})

test('nothing is asked while the person does not want it', async () => {
  const { inference, title } = await answered(() => false)
  await delay(30)
  expect(inference.chats).toHaveLength(1)
  expect(title()).toBe('What is the capital of France?')
})

test('a busy model is asked again later; a useless answer leaves the first words', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { inference, title } = await answered()
    await begun(inference, 2)
    inference.last.fail(new Problem('busy', 503, 'the model is not idle'))
    await vi.advanceTimersByTimeAsync(6_000)
    await begun(inference, 3)
    inference.last.write('I am a language model and I cannot give titles to conversations, I am sorry.')
    inference.last.finish()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(inference.chats).toHaveLength(3)
    expect(title()).toBe('What is the capital of France?')
  } finally {
    vi.useRealTimers()
  }
})

test('closing waits for no title', async () => {
  const { inference, conversations } = await answered()
  await begun(inference, 2)
  await conversations.close()
  expect(inference.last.aborted).toBe(true)
})
