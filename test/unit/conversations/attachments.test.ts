import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { transcriptOf } from '../../../main/conversations/transcript.ts'
import { blueSquare, draw, png, redCircle } from '../../integration/pictures.ts'
import { hearth, model } from './opened-hearth.ts'
import { temporaryHome } from './temporary-home.ts'

const red = draw([redCircle])
const blue = draw([blueSquare])
const stored = (home: string) => readdirSync(join(home, 'attachments'))

/** A chat whose first question has pictures, with its answer. */
async function talk(home = temporaryHome(), now?: () => number) {
  const opened = await hearth(home, now)
  const attach = (content: Buffer, name = 'a.png') =>
    opened.conversations.attach({ name, content: new Uint8Array(content) })
  const picture = await attach(red, 'red circle.png')
  const ask = (content: string, attachments = [picture]) =>
    opened.conversations.send({ conversationId: null, parentId: null, content, model, attachments })
  const first = await ask('What is this?')
  const shown = opened.watch(first.conversationId)
  const finish = async () => {
    opened.inference.last.write('A red circle.')
    opened.inference.last.finish()
    await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  }
  await finish()
  return { ...opened, attach, ask, picture, first, shown, finish }
}

test('a question’s picture reaches the model, also with later questions, and is there after a restart', async () => {
  const { home, conversations, inference, first, shown, picture, finish } = await talk()
  const described = { ...picture, name: 'red circle.png', type: 'image/png', width: 96, height: 96, bytes: red.length }
  expect(shown.messages[0]?.attachments).toEqual([described])
  await conversations.send({ conversationId: first.conversationId, parentId: first.replyId, content: 'Sure?', model })
  expect(inference.last.request.messages).toEqual([
    { role: 'user', content: 'What is this?', images: [red] },
    { role: 'assistant', content: 'A red circle.' },
    { role: 'user', content: 'Sure?' },
  ])
  await finish()
  await conversations.close()
  const again = await hearth(home)
  expect(again.watch(first.conversationId).messages[0]?.attachments).toEqual([described])
  await again.conversations.regenerate({ messageId: first.replyId, model })
  expect(again.inference.last.request.messages).toEqual([{ role: 'user', content: 'What is this?', images: [red] }])
})

test('a question’s document reaches the model in its frame, also with later questions and after a restart', async () => {
  const opened = await hearth(temporaryHome())
  const note = await opened.conversations.attachText({ name: 'a "note".md', text: '\ud800My name is Lena.\n' })
  expect(note).toMatchObject({ type: 'text/plain', name: 'a "note".md', width: 0 })
  const asked = { conversationId: null, parentId: null, content: 'Who am I?', model, attachments: [note] }
  const first = await opened.conversations.send(asked)
  const question = { role: 'user', content: '<file name="a  note .md">\n\ufffdMy name is Lena.\n</file>\n\nWho am I?' }
  expect(opened.inference.last.request.messages).toEqual([question])
  opened.inference.last.write('Lena.')
  opened.inference.last.finish()
  const shown = opened.watch(first.conversationId)
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  expect((await transcriptOf(opened.conversations, first.conversationId)).text).toContain('My name is Lena.')
  await opened.conversations.close()
  const again = await hearth(opened.home)
  const next = {
    conversationId: first.conversationId,
    parentId: first.replyId,
    content: '',
    model,
    attachments: [note],
  }
  await again.conversations.send(next)
  expect(again.inference.last.request.messages).toEqual([
    question,
    { role: 'assistant', content: 'Lena.' },
    { role: 'user', content: '<file name="a  note .md">\n\ufffdMy name is Lena.\n</file>' },
  ])
})

test('another answer is of the same document; one that is gone stops no chat, and a new question with it is refused', async () => {
  const { home, conversations, inference, watch } = await hearth()
  const note = await conversations.attachText({ name: 'note.md', text: 'My name is Lena.' })
  const asked = { conversationId: null, parentId: null, content: 'Who am I?', model, attachments: [note] }
  const first = await conversations.send(asked)
  const shown = watch(first.conversationId)
  const ended = async () => {
    inference.last.finish()
    await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  }
  await ended()
  const { replyId } = await conversations.regenerate({ messageId: first.replyId, model })
  expect(inference.last.request).toMatchObject({
    forPerson: true,
    messages: [{ content: '<file name="note.md">\nMy name is Lena.\n</file>\n\nWho am I?' }],
  })
  await ended()
  rmSync(join(home, 'attachments'), { recursive: true })
  await conversations.regenerate({ messageId: replyId, model })
  expect(inference.last.request.messages).toEqual([{ role: 'user', content: 'Who am I?' }])
  await ended()
  await expect(conversations.send(asked)).rejects.toMatchObject({ code: 'picture-missing' })
})

test('the same picture is stored once, and an edited question keeps it', async () => {
  const { home, conversations, attach, picture, first, shown, inference } = await talk()
  expect((await attach(red, 'another name.png')).hash).toBe(picture.hash)
  expect(stored(home)).toEqual([picture.hash])
  const { conversationId, questionId: editedId } = first
  const edited = { conversationId, parentId: null, editedId, content: 'What colour is it?', model }
  await conversations.send({ ...edited, attachments: [picture] })
  expect(inference.last.request.messages).toEqual([{ role: 'user', content: 'What colour is it?', images: [red] }])
  expect(shown.messages[0]?.attachments).toMatchObject([{ hash: picture.hash }])
})

test('a picture alone is a question, and its name the title', async () => {
  const { ask, listed, inference } = await talk()
  const { conversationId } = await ask('')
  expect(listed().find(({ id }) => id === conversationId)?.title).toBe('red circle.png')
  expect(inference.last.request.messages).toEqual([{ role: 'user', content: '', images: [red] }])
})

test('a picture that was taken from the disk stops no chat; a new question with it is refused', async () => {
  const { home, ask, conversations, picture, first, inference } = await talk()
  rmSync(join(home, 'attachments'), { recursive: true })
  await expect(ask('And now?')).rejects.toMatchObject({ code: 'picture-missing' })
  await conversations.regenerate({ messageId: first.replyId, model })
  expect(inference.last.request.messages).toEqual([{ role: 'user', content: 'What is this?' }])
  expect(await conversations.attachments.read(picture.hash)).toBeUndefined()
})

// A picture may still stand in a draft or a deleted message; what is shared must not go with one of its messages.
test('a picture goes thirty days after nothing refers to it, and not before', async () => {
  const day = 24 * 60 * 60 * 1_000
  const home = temporaryHome()
  let today = Date.now()
  const now = () => today
  const { conversations, attach, ask, picture, first } = await talk(home, now)
  const second = await attach(blue)
  const both = await ask('And these?', [picture, second])
  const restart = async (days: number) => {
    today += days * day
    const again = (await hearth(home, now)).conversations
    await again.trash.tidy(today)
    await again.close()
    return stored(home).toSorted()
  }
  await conversations.listing.delete(both.conversationId)
  const drafted = await attach(draw([blueSquare, { ...redCircle, x: 0.2 }]))
  writeFileSync(join(home, 'attachments', `${picture.hash}.1-1`), 'cut off')
  await conversations.close()
  expect(await restart(29)).toContain(drafted.hash)
  expect(stored(home)).toContain(second.hash)
  expect(await restart(2)).toEqual([picture.hash])
  const last = await hearth(home, now)
  await last.conversations.listing.delete(first.conversationId)
  await last.conversations.close()
  expect(await restart(31)).toEqual([])
})

test('while a damaged database is kept, so are the pictures of its messages', async () => {
  const home = temporaryHome()
  const { conversations, picture } = await talk(home)
  await conversations.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(home, `conversations.db${end}`), { force: true })
  writeFileSync(join(home, 'conversations.db'), 'no database '.repeat(1_000))
  utimesSync(join(home, 'attachments', picture.hash), 0, 0)
  for (const _ of ['set aside', 'and again']) {
    const again = (await hearth(home)).conversations
    await again.trash.tidy(Date.now())
    await again.close()
  }
  expect(stored(home)).toEqual([picture.hash])
})

test.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'not-a-picture'],
  ['text', Buffer.from('<svg onload="alert(1)">'), 'not-a-picture'],
  ['a bitmap, which the window cannot keep', Buffer.from(`BM${'\0'.repeat(60)}`), 'not-a-picture'],
  ['a header cut off', red.subarray(0, 14), 'broken-picture'],
  ['a header that claims 100 megapixels', png(10_000, 10_000, Buffer.alloc(8)), 'picture-too-large'],
])('%s is refused before anything decodes it', async (_, content, code) => {
  const { conversations } = await hearth()
  await expect(conversations.attach({ name: 'picture.png', content: new Uint8Array(content) })).rejects.toMatchObject({
    code,
  })
})

test('more bytes than a question may hold are refused', async () => {
  const { conversations, home } = await hearth()
  const content = Buffer.concat([red, Buffer.alloc(20_000_000)])
  await expect(conversations.attach({ name: 'a.png', content })).rejects.toMatchObject({ code: 'picture-too-large' })
  expect(readdirSync(home)).not.toContain('attachments')
})
