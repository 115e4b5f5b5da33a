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

/**
 * Another chat is answered, and its title asked for: titles are written one after the other, so by then it is decided
 * whether one is asked for the chats before.
 * @param wanted of the titles asked for in all
 */
async function afterAnother({ ask, inference }: Awaited<ReturnType<typeof answered>>, wanted: readonly string[]) {
  await ask('What is the capital of Norway?')
  inference.last.write('Oslo.')
  inference.last.finish()
  const asked = () => inference.chats.filter(({ request }) => request.background)
  const about = () => asked().map(({ request }) => request.messages[0]?.content)
  await vi.waitFor(() => expect(about().at(-1)).toBe('What is the capital of Norway?'))
  expect(about()).toEqual(wanted)
}

const begun = (inference: Awaited<ReturnType<typeof answered>>['inference'], chats: number) =>
  vi.waitFor(() => expect(inference.chats).toHaveLength(chats))

test('after the first answer the model that gave it names the chat, in the background', async () => {
  const { inference, title, home, conversations, listed } = await answered()
  await begun(inference, 2)
  expect(title()).toBe('What is the capital of France?')
  expect(inference.last.request).toMatchObject({
    model,
    background: true,
    forPerson: true,
    think: false,
    truncate: false,
  })
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
  const opened = await answered()
  const { inference, title, conversations, conversationId, replyId, ask, shown } = opened
  await begun(inference, 2)
  await conversations.listing.rename(conversationId, 'My own')
  inference.last.write('Capital of France')
  inference.last.finish()
  await ask('And of Italy?', conversationId, replyId)
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await afterAnother(opened, ['What is the capital of France?', 'What is the capital of Norway?'])
  expect(title()).toBe('My own')
})

test('nothing is asked while the person does not want it', async () => {
  let wanted = false
  const opened = await answered(() => wanted)
  wanted = true
  await afterAnother(opened, ['What is the capital of Norway?'])
  expect(opened.title()).toBe('What is the capital of France?')
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
