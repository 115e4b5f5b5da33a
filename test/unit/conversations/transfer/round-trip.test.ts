import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fc } from '../../../properties.ts'
import { hearth } from '../opened-hearth.ts'
import { aConversation, aMessage, exported, fileOfRecords, idOf, imported, recordsOf } from './files.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const time = fc.integer({ min: 0, max: 4_000_000_000_000 })

/** A chat of any shape: each message answers one before it, or begins anew. */
const message = fc.record({
  answers: fc.option(fc.nat(), { freq: 5 }),
  role: fc.constantFrom('user', 'assistant', 'system', 'tool'),
  toolCalls: fc.constantFrom([], [{ id: 'a', name: 'weather', arguments: { city: 'Paris', days: [1, null] } }]),
  tool: fc.constantFrom(null, { name: 'weather', callId: 'a' }),
  context: fc.constantFrom(null, { size: 512, from: null, cut: true }),
  content: text,
  thinking: text,
  model: fc.constantFrom('', 'tiny', '模型:latest'),
  createdAt: time,
  state: fc.constantFrom('complete', 'stopped', 'interrupted', 'failed'),
  metrics: fc.option(
    fc.record({
      promptTokens: fc.nat(),
      outputTokens: fc.nat(),
      outputSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      thinkingSeconds: fc.option(fc.nat()),
      ended: fc.constantFrom('stop', 'length'),
    }),
  ),
})
const chat = fc.record({
  messages: fc.array(message, { maxLength: 12 }),
  title: fc.constantFrom('', 'Plans', '旅行', '# --- "title"', '__proto__'),
  pinned: fc.boolean(),
  inFolder: fc.boolean(),
  system: text,
  parameters: fc.constantFrom({}, { temperature: 0.5, seed: 7 }),
  updatedAt: time,
  shown: fc.nat(),
})

/** Would catch a field that is forgotten on either way, a tree bent on its way, an order that is lost. */
test('any chats, written, read and written again, are the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(chat, { maxLength: 4 }), async chats => {
      const folder = { type: 'folder', id: idOf('folder', 1), name: 'Work' }
      let count = 0
      const records = chats.flatMap(({ messages, inFolder, shown, ...rest }, n) => {
        const first = count
        count += messages.length
        const parents = messages.map(({ answers }, at) => (answers === null || at === 0 ? null : answers % at))
        const leaves = messages.flatMap((_, at) => (parents.includes(at) ? [] : first + at))
        return [
          aConversation(n, {
            ...rest,
            folderId: inFolder ? folder.id : null,
            activeLeaf: leaves.length > 0 ? idOf('message', leaves[shown % leaves.length] ?? 0) : null,
          }),
          ...messages.map(({ answers: _, ...over }, at) =>
            aMessage(first + at, n, parents[at] == null ? null : first + (parents[at] ?? 0), {
              ...over,
              problem: over.state === 'failed' ? { code: 'busy', message: 'full' } : null,
            }),
          ),
        ]
      })
      const path = fileOfRecords([folder, ...records])
      const { conversations } = await hearth()
      await imported(conversations, path)
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
      expect(recordsOf(await exported(conversations)).sort(byId)).toEqual(recordsOf(path).sort(byId))
      await conversations.close()
    }),
    { numRuns: 25 },
  )
})

test('a real chat with versions, folder, pin and settings is the same on another computer', async () => {
  const here = await hearth()
  const { conversations, inference } = here
  const { conversationId, questionId, replyId } = await here.ask('What is 二?')
  inference.last.write('Two', 'hm')
  inference.last.finish()
  await expect.poll(() => here.listed()[0]?.answering).toBe(null)
  await conversations.regenerate({ messageId: replyId, model: 'other' })
  inference.last.write('II')
  inference.last.finish()
  await expect.poll(() => here.listed()[0]?.answering).toBe(null)
  const { folderId } = await conversations.listing.createFolder('Sums')
  await conversations.listing.move(conversationId, folderId)
  await conversations.listing.pin(conversationId, true)
  await conversations.listing.configure({ conversationId, system: 'Be short.', parameters: { seed: 3 } })
  const path = await exported(conversations, 'json', conversationId)

  const there = await hearth()
  expect(await imported(there.conversations, path)).toEqual({
    conversations: 1,
    messages: 3,
    restored: 0,
    known: 0,
    unreadable: 0,
    cutOff: false,
  })
  expect(there.listed()).toEqual(here.listed())
  const [shownHere, shownThere] = [here.watch(conversationId), there.watch(conversationId)]
  await expect.poll(() => shownThere.messages).toEqual(shownHere.messages)
  expect(shownThere.last?.versions).toHaveLength(2)
  await there.conversations.selectVersion(replyId)
  await expect.poll(() => shownThere.last).toMatchObject({ content: 'Two', thinking: 'hm', parentId: questionId })
})

test('the same file a second time adds nothing', async () => {
  const { conversations, listed } = await hearth()
  const path = fileOfRecords([aConversation(1), aMessage(1, 1, null), aMessage(2, 1, 1)])
  await imported(conversations, path)
  const before = readFileSync(await exported(conversations), 'utf8').replace(/"exportedAt":\d+/, '')
  expect(await imported(conversations, path)).toMatchObject({ conversations: 0, messages: 0, restored: 0, known: 3 })
  expect(readFileSync(await exported(conversations), 'utf8').replace(/"exportedAt":\d+/, '')).toBe(before)
  expect(listed()).toHaveLength(1)
})

test('what is here stays as it is, and what was deleted comes back', async () => {
  const { conversations, listed, watch } = await hearth()
  const path = fileOfRecords([aConversation(1), aMessage(1, 1, null), aMessage(2, 1, 1), aConversation(2)])
  await imported(conversations, path)
  const [first, second] = [idOf('conversation', 1), idOf('conversation', 2)]
  await conversations.listing.rename(first, 'My title')
  await conversations.deleteMessage(idOf('message', 2))
  await conversations.listing.delete(second)
  expect(await imported(conversations, path)).toMatchObject({ conversations: 0, messages: 0, restored: 2, known: 2 })
  expect(
    listed()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([first, second])
  expect(listed().find(({ id }) => id === first)?.title).toBe('My title')
  const shown = watch(first)
  await expect.poll(() => shown.texts).toEqual(['Message 1', 'Message 2'])
})

test('a folder of the same name is the same folder', async () => {
  const { conversations, listed } = await hearth()
  const { folderId } = await conversations.listing.createFolder('Work')
  const folder = { type: 'folder', id: idOf('folder', 1), name: 'Work' }
  await imported(conversations, fileOfRecords([folder, aConversation(1, { folderId: folder.id })]))
  expect(listed()).toMatchObject([{ folderId }])
})

test('what was imported is found by a search', async () => {
  const { conversations } = await hearth()
  const search = () => conversations.search({ query: '萤火虫', before: null, limit: 5 })
  expect((await search()).messages).toEqual([])
  await imported(conversations, fileOfRecords([aConversation(1), aMessage(1, 1, null, { content: '夏天的萤火虫' })]))
  await expect.poll(async () => (await search()).messages).toHaveLength(1)
})

test('a reply that is being written is exported as far as it is', async () => {
  const { conversations, inference, ask } = await hearth()
  await ask('Count!')
  inference.last.write('one, two')
  await expect
    .poll(async () => recordsOf(await exported(conversations)).at(-1))
    .toMatchObject({ content: 'one, two', state: 'interrupted' })
})
