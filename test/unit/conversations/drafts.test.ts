import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Database } from '../../../main/database/database.ts'
import { draw, redCircle } from '../../integration/pictures.ts'
import { hearth, model } from './opened-hearth.ts'
import { temporaryHome } from './temporary-home.ts'

const empty = { text: '', attachments: [] }
const day = 24 * 60 * 60 * 1_000

test('each chat has a draft of its own, which is there after a restart', async () => {
  const { home, conversations, ask } = await hearth()
  const { conversationId } = await ask('Hello')
  const content = new Uint8Array(draw([redCircle]))
  const picture = await conversations.attach({ name: 'red.png', content })
  await conversations.drafts.keep({ conversationId: null, text: 'for a \ud800new one', attachments: [] })
  await conversations.drafts.keep({ conversationId, text: 'first', attachments: [] })
  await conversations.drafts.keep({ conversationId, text: '', attachments: [picture] })
  await conversations.close()
  const { drafts } = (await hearth(home)).conversations
  expect(await drafts.of({ conversationId: null })).toEqual({ text: 'for a �new one', attachments: [] })
  expect(await drafts.of({ conversationId })).toEqual({ text: '', attachments: [picture] })
  await drafts.keep({ conversationId, ...empty })
  expect(await drafts.of({ conversationId })).toEqual(empty)
})

// What was typed in one window stood in the other, and was sent from both.
test('what is to begin a chat belongs to its window, and outlives the trash and a restart', async () => {
  const { home, conversations, ask } = await hearth()
  const draft = (text: string) => ({ conversationId: null, text, attachments: [] })
  await conversations.drafts.keep(draft('of the first'))
  await conversations.drafts.keep({ ...draft('of the second'), window: 2 })
  await conversations.drafts.keep({ ...draft('of the third'), window: 3 })
  await conversations.send({
    conversationId: null,
    parentId: null,
    content: 'x',
    model,
    fromDraft: true,
    window: 3,
  })
  const { conversationId } = await ask('Hello')
  await conversations.listing.delete(conversationId)
  await conversations.trash.remove([conversationId])
  await conversations.close()
  const { drafts } = (await hearth(home, () => Date.now() + 40 * day)).conversations
  expect(await drafts.of({ conversationId: null, window: 1 })).toMatchObject({ text: 'of the first' })
  expect(await drafts.of({ conversationId: null, window: 2 })).toMatchObject({ text: 'of the second' })
  expect(await drafts.of({ conversationId: null, window: 3 })).toEqual(empty)
})

// What was sent must not stand in the box again, however the app ends; an edited question is not what stands there.
test('a question takes the draft it was with it in the same write, another question does not', async () => {
  const { conversations, ask, inference, watch } = await hearth()
  await conversations.drafts.keep({ conversationId: null, text: 'Hello', attachments: [] })
  const send = { conversationId: null, parentId: null, content: 'Hello', model }
  const told: unknown[] = []
  conversations.drafts.watch(event => told.push(event))
  const { conversationId, questionId, replyId } = await conversations.send({ ...send, fromDraft: true })
  expect(await conversations.drafts.of({ conversationId: null })).toEqual(empty)
  expect(told).toEqual([{ conversationId: null, window: undefined, draft: empty, revision: 2 }])
  const shown = watch(conversationId)
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await conversations.drafts.keep({ conversationId, text: 'half a', attachments: [] })
  await ask('Hello, edited', conversationId, null, questionId)
  expect(await conversations.drafts.of({ conversationId })).toMatchObject({ text: 'half a' })
  await expect(ask('Refused', conversationId, replyId)).rejects.toMatchObject({ code: 'in-use' })
  expect(await conversations.drafts.of({ conversationId })).toMatchObject({ text: 'half a' })
})

/** A home that is opened again and again, while days pass. */
function passingDays() {
  const home = temporaryHome()
  let today = Date.now()
  const open = async () => {
    const opened = await hearth(home, () => today)
    await opened.conversations.trash.tidy(today)
    return opened
  }
  const pass = (days: number) => {
    today += days * day
  }
  return { home, open, pass }
}

test('a picture of a draft is kept as long as the draft, which goes with its chat', async () => {
  const { home, open, pass } = passingDays()
  const { conversations, ask, inference } = await open()
  const { conversationId } = await ask('Hello')
  inference.last.finish()
  const picture = await conversations.attach({ name: 'red.png', content: new Uint8Array(draw([redCircle])) })
  await conversations.drafts.keep({ conversationId, text: '', attachments: [picture] })
  await conversations.close()
  pass(60)
  const later = await open()
  expect(readdirSync(join(home, 'attachments'))).toEqual([picture.hash])
  await later.conversations.listing.delete(conversationId)
  await later.conversations.drafts.keep({ conversationId: 'never-was', text: 'x', attachments: [] })
  expect(await later.conversations.drafts.of({ conversationId: 'never-was' })).toEqual(empty)
  await later.conversations.close()
  pass(31)
  const last = await open()
  expect(await last.conversations.drafts.of({ conversationId })).toEqual(empty)
  expect(readdirSync(join(home, 'attachments'))).toEqual([])
})

test('a damaged list of pictures costs no text', async () => {
  const { home, conversations } = await hearth()
  await conversations.drafts.keep({ conversationId: null, text: 'still here', attachments: [] })
  const other = Database.open(join(home, 'conversations.db'))
  for (const broken of ['[{"hash":"../x"},7]', '{', 'null']) {
    other.run('UPDATE drafts SET attachments = ?', broken)
    expect(await conversations.drafts.of({ conversationId: null })).toEqual({ text: 'still here', attachments: [] })
  }
  other.close()
})

// A whole edit was lost with a look at another chat.
test('an edit stands beside the draft of its chat, is there after a restart, and goes with its question', async () => {
  const { open, pass } = passingDays()
  const first = await open()
  const { conversationId, questionId } = await first.ask('Helo')
  first.inference.last.finish()
  const edit = { conversationId, editedId: questionId }
  await first.conversations.drafts.keep({ ...edit, text: 'Hello', attachments: [] })
  await first.conversations.drafts.keep({ conversationId, text: 'And you?', attachments: [] })
  await first.conversations.close()
  const second = (await open()).conversations
  const { drafts } = second
  expect(await drafts.edits(conversationId)).toEqual([questionId])
  expect(await drafts.of(edit)).toEqual({ text: 'Hello', attachments: [] })
  expect(await drafts.of({ conversationId })).toEqual({ text: 'And you?', attachments: [] })
  await drafts.keep({ conversationId, editedId: 'never-was', text: 'x', attachments: [] })
  expect(await drafts.of({ conversationId, editedId: 'never-was' })).toEqual(empty)
  await second.listing.delete(conversationId)
  await second.close()
  pass(31)
  const last = (await open()).conversations.drafts
  expect(await last.of(edit)).toEqual(empty)
})

test('an edit that is sent is forgotten in the same write, and every window is told', async () => {
  const { conversations, ask, inference } = await hearth()
  const { conversationId, questionId: editedId } = await ask('Helo')
  inference.last.finish()
  await conversations.drafts.keep({ conversationId, editedId, text: 'Hello', attachments: [] })
  await conversations.drafts.keep({ conversationId, text: 'And you?', attachments: [] })
  const told: unknown[] = []
  conversations.drafts.watch(event => told.push(event))
  const send = { conversationId, parentId: null, content: 'Hello', model }
  await vi.waitFor(() => conversations.send({ ...send, fromDraft: true, editedId }))
  expect(await conversations.drafts.edits(conversationId)).toEqual([])
  expect(told).toEqual([{ conversationId, window: undefined, editedId, draft: empty, revision: 3 }])
  expect(await conversations.drafts.of({ conversationId })).toMatchObject({ text: 'And you?' })
})

// A system prompt written for the next chat was kept nowhere.
test('how a new chat is to answer is kept with its draft, and goes with its first question', async () => {
  const { home, conversations } = await hearth()
  const tuning = { system: 'You are a \ud800pirate.', parameters: { temperature: 0 } }
  await conversations.drafts.keep({ conversationId: null, text: '', attachments: [], tuning })
  await conversations.close()
  const again = (await hearth(home)).conversations
  const kept = { ...empty, tuning: { system: 'You are a \ufffdpirate.', parameters: { temperature: 0 } } }
  expect(await again.drafts.of({ conversationId: null })).toEqual(kept)
  const send = { conversationId: null, parentId: null, content: 'Hello', model }
  await again.send({ ...send, fromDraft: true })
  expect(await again.drafts.of({ conversationId: null })).toEqual(empty)
})
