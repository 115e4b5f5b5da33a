// @vitest-environment happy-dom
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  beginEdit,
  changeDraft,
  draftOf,
  dropEdit,
  editOf,
  followDrafts,
  readEdits,
  sendDraft,
} from '../../../../renderer/state/drafts.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { settle } from '../stage.tsx'

let hearth: FakeHearth
let revision = 0
let chat = ''

beforeAll(() => {
  hearth = installHearth({
    'drafts.get': () => ({ text: '', attachments: [] }),
    'drafts.keep': ({ conversationId, text, attachments, editedId }) =>
      told(text, conversationId, attachments, editedId),
  })
  followDrafts()
})

/** Main tells every window of a change, whoever made it, before it answers. */
function told(text: string, conversationId: string | null = chat, attachments: object[] = [], editedId?: string) {
  revision += 1
  const draft = { text, attachments: attachments as never[] }
  hearth.emit('drafts.watch', { conversationId, editedId, draft, revision })
  return { revision }
}

const kept = () => hearth.inputsOf('drafts.keep').filter(({ conversationId }) => conversationId === chat)

/** A chat whose draft this window has saved once. */
beforeEach(async () => {
  chat = `chat ${revision}`
  changeDraft(chat, { text: 'mine' })
  await vi.waitFor(() => expect(kept()).toHaveLength(1))
  await settle()
})

test('what another window writes is shown here', async () => {
  told('theirs')
  await settle()
  expect(draftOf(chat).text).toBe('theirs')
})

// The box would jump back under the person's hands, or lose a word.
test('what is being typed here is not replaced, and goes to the other window', async () => {
  changeDraft(chat, { text: 'mine, and more' })
  told('theirs')
  await settle()
  expect(draftOf(chat).text).toBe('mine, and more')
  await vi.waitFor(() => expect(kept().at(-1)?.text).toBe('mine, and more'))
  await settle()
  expect(draftOf(chat).text).toBe('mine, and more')
})

// Two windows that save at once would each end with the text of the other.
test('the later of two writes stands in both windows, in whatever order they are told', async () => {
  const { 'drafts.keep': keep } = hearth.answers
  hearth.answers['drafts.keep'] = ({ text, conversationId }) => {
    told('earlier')
    const ours = told(text, conversationId)
    told('later')
    return ours
  }
  changeDraft(chat, { text: 'ours' })
  await vi.waitFor(() => expect(draftOf(chat).text).toBe('later'))
  hearth.emit('drafts.watch', { conversationId: chat, draft: { text: 'late news', attachments: [] }, revision: 1 })
  await settle()
  expect(draftOf(chat).text).toBe('later')
  hearth.answers['drafts.keep'] = keep!
})

test('a question sent in another window leaves this box, one sent here keeps what was typed meanwhile', async () => {
  told('')
  await settle()
  expect(draftOf(chat).text).toBe('')
  changeDraft(chat, { text: 'a question' })
  await sendDraft(chat, async () => {
    changeDraft(chat, { text: 'the next one' })
    told('')
    return true
  })
  await settle()
  expect(draftOf(chat).text).toBe('the next one')
})

const message = { text: 'as it was sent', attachments: [] }

// Going to another chat and back, or loading the page again, threw an edit away.
test('an edit begins with its question, is saved as its own draft, and is gone on with from what was kept', async () => {
  const place = editOf(chat, 'q')
  await beginEdit(place, message)
  expect(draftOf(place).text).toBe('as it was sent')
  changeDraft(place, { text: 'changed' })
  await vi.waitFor(() => expect(kept().at(-1)).toMatchObject({ editedId: 'q', text: 'changed' }))
  expect(draftOf(chat).text).toBe('mine')
  const before = hearth.answers['drafts.get']
  hearth.answers['drafts.edits'] = () => ({ messageIds: ['other'] })
  hearth.answers['drafts.get'] = () => ({ text: 'half done', attachments: [] })
  await readEdits(chat)
  expect(draftOf(editOf(chat, 'other')).text).toBe('half done')
  await beginEdit(editOf(chat, 'other'), message)
  expect(draftOf(editOf(chat, 'other')).text).toBe('half done')
  hearth.answers['drafts.get'] = before!
})

test('an edit that is given up is forgotten, and begins anew', async () => {
  const place = editOf(chat, 'q')
  await beginEdit(place, message)
  changeDraft(place, { text: 'changed' })
  dropEdit(place)
  await vi.waitFor(() => expect(kept().at(-1)).toMatchObject({ editedId: 'q', text: '', attachments: [] }))
  await beginEdit(place, message)
  expect(draftOf(place).text).toBe('as it was sent')
})
