import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Notices } from '../../../main/settings/notices.ts'
import type { Message, StreamEvent } from '../../../preload/contract.ts'
import { endlessAnswer, endlessOptions } from '../api/server.ts'
import { startHearth, type TestHearth } from '../hearth.ts'

const model = 'hearth-demo'
let running: TestHearth
let conversations: Conversations

beforeAll(async () => {
  running = await startHearth()
  conversations = running.hearth.conversations
})
afterAll(() => running.end())

/** The conversation as a window keeps it. */
function watch(conversationId: string, from = conversations) {
  const events: StreamEvent<'conversations.watch'>[] = []
  let messages: Message[] = []
  from.watch(conversationId, event => {
    events.push(event)
    if (event.type === 'all') messages = event.messages
    if (event.type === 'message') messages = [...messages.filter(({ id }) => id !== event.message.id), event.message]
    if (event.type === 'delta') {
      messages = messages.map(message =>
        message.id === event.messageId ? { ...message, content: message.content + event.content } : message,
      )
    }
  })
  return { events, last: () => messages.at(-1), messages: () => messages }
}

async function answered(conversationId: string): Promise<Message> {
  const { last } = watch(conversationId)
  await vi.waitFor(() => expect(last()?.state).toMatch(/complete|failed/), { interval: 20 })
  expect(last()?.problem).toBeNull()
  return last() as Message
}

const ask = (content: string, conversationId: string | null = null, parentId: string | null = null) =>
  conversations.send({ conversationId, parentId, content, model })

test('a real model answers piece by piece, and gives its numbers at the end', async () => {
  const { conversationId } = await ask('Count from 1 to 30')
  const { events, last } = watch(conversationId)
  await vi.waitFor(() => expect(last()?.state).toBe('complete'), { interval: 20 })
  expect(last()?.content).toContain('10')
  expect(events.some(event => event.type === 'message' && event.message.state === 'streaming')).toBe(true)
  expect(events.some(({ type }) => type === 'delta')).toBe(true)
  expect(last()?.metrics).toMatchObject({ ended: 'stop', promptTokens: expect.any(Number) })
  expect(last()?.metrics?.outputTokens).toBeGreaterThan(3)
})

test('the history reaches the model: a name said before is known after', async () => {
  const first = await ask('My name is Lena.')
  const { conversationId } = first
  expect((await answered(conversationId)).content).toContain('Lena')
  await ask('What is my name?', conversationId, first.replyId)
  expect((await answered(conversationId)).content).toContain('Lena')
})

test('an edited first question starts over: what the other branch said is not known', async () => {
  const first = await ask('My name is Lena.')
  const { conversationId } = first
  await answered(conversationId)
  const edited = await conversations.send({
    conversationId,
    parentId: null,
    editedId: first.questionId,
    content: 'My name is Tom.',
    model,
  })
  await answered(conversationId)
  await ask('What is my name?', conversationId, edited.replyId)
  const { content } = await answered(conversationId)
  expect(content).toContain('Tom')
  expect(content).not.toContain('Lena')
})

test('regenerating gives a sibling; both can be shown', async () => {
  const { conversationId, replyId } = await ask('What is the capital of France?')
  const old = await answered(conversationId)
  const again = await conversations.regenerate({ messageId: replyId, model })
  const fresh = await answered(conversationId)
  expect(fresh.content).toContain('Paris')
  expect(fresh).toMatchObject({ id: again.replyId, parentId: old.parentId, versions: [replyId, again.replyId] })
  await conversations.selectVersion(replyId)
  expect(watch(conversationId).last()).toMatchObject({ id: replyId, content: old.content })
})

test('stop keeps the text so far, and the engine is free for the next question', async () => {
  const { inference } = running.hearth
  const own = await Conversations.open({
    home: running.home,
    notices: new Notices(),
    // The engine's answer has no end; else it might be over before it is stopped.
    inference: {
      chat: (request, signal) =>
        inference.chat({ ...request, format: endlessAnswer, think: false, options: endlessOptions }, signal),
    },
  })
  const { conversationId, replyId } = await own.send({
    conversationId: null,
    parentId: null,
    content: 'Count from 1 to 30',
    model,
  })
  const { last } = watch(conversationId, own)
  await vi.waitFor(() => expect(last()?.content).not.toBe(''), { interval: 20 })
  await own.stop(replyId)
  const { state, content } = last()!
  expect(state).toBe('stopped')
  const next = await ask('What is the capital of France?')
  expect((await answered(next.conversationId)).content).toContain('Paris')
  expect(last()).toMatchObject({ state, content })
  await own.close()
  expect(watch(conversationId).last()).toMatchObject({ state, content })
})

test('two conversations at once both get their own answer', async () => {
  const [france, name] = await Promise.all([ask('What is the capital of France?'), ask('My name is Lena.')])
  const [first, second] = await Promise.all([answered(france.conversationId), answered(name.conversationId)])
  expect(first.content).toContain('Paris')
  expect(second.content).toContain('Lena')
})

test('a model that is not there fails the reply with its name, and the chat goes on with another', async () => {
  const { conversationId, replyId } = await conversations.send({
    conversationId: null,
    parentId: null,
    content: 'My name is Lena.',
    model: 'no-such-model',
  })
  const { last } = watch(conversationId)
  await vi.waitFor(() => expect(last()?.state).toBe('failed'))
  expect(last()?.problem).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('no-such-model') })
  const again = await conversations.regenerate({ messageId: replyId, model })
  expect((await answered(conversationId)).content).toContain('Lena')
  expect(again.replyId).not.toBe(replyId)
})

test('a second Hearth on the same home finds the talk', async () => {
  const { conversationId } = await ask('What is the capital of France?')
  const { content } = await answered(conversationId)
  const other = await Conversations.open({
    home: running.home,
    inference: running.hearth.inference,
    notices: new Notices(),
  })
  const texts = () => {
    let found: string[] = []
    const end = other.watch(conversationId, event => {
      if (event.type === 'all') found = event.messages.map(message => message.content)
    })
    end()
    return found
  }
  // The last word is on disk a moment after it was told.
  await vi.waitFor(() => expect(texts()).toEqual(['What is the capital of France?', content]))
  await other.close()
})

test('a chat that outgrows the context tells from where on the model remembers', async () => {
  const parameters = { num_ctx: 512, num_predict: 24 }
  const long = `My name is Lena. ${'I like apples and pears. '.repeat(25)}`
  const first = await conversations.send({ conversationId: null, parentId: null, content: long, model, parameters })
  const { conversationId } = first
  expect((await answered(conversationId)).context).toMatchObject({ size: 512, from: null, cut: false })
  const second = await ask(`And you? ${long}`, conversationId, first.replyId)
  const { context } = await answered(conversationId)
  expect([first.replyId, second.questionId]).toContain(context?.from)
  expect(context?.cut).toBe(false)
  await ask(long.repeat(8), conversationId, second.replyId)
  expect((await answered(conversationId)).context?.cut).toBe(true)
})
