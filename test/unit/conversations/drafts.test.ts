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
    ...{ conversationId: null, parentId: null, content: 'x', model },
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
  const { conversationId, replyId } = await conversations.send({ ...send, fromDraft: true })
  expect(await conversations.drafts.of({ conversationId: null })).toEqual(empty)
  expect(told).toEqual([{ conversationId: null, window: undefined, draft: empty, revision: 2 }])
  const shown = watch(conversationId)
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  await conversations.drafts.keep({ conversationId, text: 'half a', attachments: [] })
  await ask('Hello, edited', conversationId, null)
  expect(await conversations.drafts.of({ conversationId })).toMatchObject({ text: 'half a' })
  await expect(ask('Refused', conversationId, replyId)).rejects.toMatchObject({ code: 'in-use' })
  expect(await conversations.drafts.of({ conversationId })).toMatchObject({ text: 'half a' })
})

test('a picture of a draft is kept as long as the draft, which goes with its chat', async () => {
  const home = temporaryHome()
  let today = Date.now()
  const open = () => hearth(home, () => today)
  const { conversations, ask, inference } = await open()
  const { conversationId } = await ask('Hello')
  inference.last.finish()
  const picture = await conversations.attach({ name: 'red.png', content: new Uint8Array(draw([redCircle])) })
  await conversations.drafts.keep({ conversationId, text: '', attachments: [picture] })
  await conversations.close()
  today += 60 * day
  const later = await open()
  expect(readdirSync(join(home, 'attachments'))).toEqual([picture.hash])
  await later.conversations.listing.delete(conversationId)
  await later.conversations.drafts.keep({ conversationId: 'never-was', text: 'x', attachments: [] })
  expect(await later.conversations.drafts.of({ conversationId: 'never-was' })).toEqual(empty)
  await later.conversations.close()
  today += 31 * day
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
