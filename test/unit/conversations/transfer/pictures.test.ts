import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { exportWords } from '../../../../main/conversations/transfer/words.ts'
import { blueSquare, draw, redCircle } from '../../../integration/pictures.ts'
import { hearth, model } from '../opened-hearth.ts'
import { exported, finished, imported, unzippedBytes } from './files.ts'

const red = draw([redCircle])

/** Two chats that show the same picture. */
async function chatsWithPictures() {
  const { home, conversations, inference, watch, listed } = await hearth()
  const picture = await conversations.attach({ name: 'red circle.png', content: new Uint8Array(red) })
  for (const content of ['What is this?', 'And this?']) {
    const asked = { conversationId: null, parentId: null, content, model, attachments: [picture] }
    const shown = watch((await conversations.send(asked)).conversationId)
    inference.last.finish()
    await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  }
  return { home, conversations, picture, listed }
}

/** An export of them. */
async function exportedWithPictures(before: (home: string) => void = () => undefined) {
  const { home, conversations, picture } = await chatsWithPictures()
  before(home)
  return { picture, path: await exported(conversations, 'json') }
}

test('pictures come back with their chats, each once in the file', async () => {
  const { picture, path } = await exportedWithPictures()
  expect(readFileSync(path, 'utf8').split('"type":"attachment"')).toHaveLength(2)
  const { home, conversations, listed, watch } = await hearth()
  await imported(conversations, path)
  expect(listed()).toHaveLength(2)
  for (const { id } of listed()) expect(watch(id).messages[0]?.attachments).toEqual([picture])
  expect(readFileSync(join(home, 'attachments', picture.hash))).toEqual(red)
})

test('a picture that is gone is missing in the file, and its chat is not', async () => {
  const { picture, path } = await exportedWithPictures(home => rmSync(join(home, 'attachments'), { recursive: true }))
  expect(readFileSync(path, 'utf8')).not.toContain('"type":"attachment"')
  const { conversations, listed, watch } = await hearth()
  await imported(conversations, path)
  expect(watch(listed()[0]?.id ?? '').messages[0]?.attachments).toEqual([picture])
})

// A stranger's file must not put anything but pictures on the disk, nor one under another's name.
test.each([
  ['no picture', Buffer.from('#!/bin/sh')],
  ['another picture', draw([blueSquare])],
  ['nothing', Buffer.alloc(0)],
])('%s in the place of a picture is counted, and shown nowhere', async (_, bytes) => {
  const { picture, path } = await exportedWithPictures()
  const text = readFileSync(path, 'utf8').replace(red.toString('base64'), bytes.toString('base64'))
  writeFileSync(path, text)
  const { home, conversations, listed } = await hearth()
  expect(await imported(conversations, path)).toMatchObject({ unreadable: 1, conversations: 2 })
  expect(listed()).toHaveLength(2)
  const kept = await conversations.attachments.read(picture.hash)
  expect(kept).toBeUndefined()
  expect(readdirSync(home).includes('attachments') ? readdirSync(join(home, 'attachments')) : []).not.toContain(
    picture.hash,
  )
})

describe('as Markdown', () => {
  // A text that only names its pictures is half a chat to whoever gets it.
  test('one chat with a picture is a zip of its text and the picture, which the text shows', async () => {
    const { conversations, picture, listed } = await chatsWithPictures()
    const path = await exported(conversations, 'markdown', listed()[0]?.id)
    expect(basename(path)).toMatch(/\.zip$/)
    const files = unzippedBytes(readFileSync(path))
    const image = `pictures/${picture.hash}.png`
    expect(files[image]).toEqual(red)
    const texts = Object.keys(files).filter(name => name !== image)
    expect(texts).toHaveLength(1)
    expect(files[texts[0] ?? '']?.toString()).toContain(`> ![red circle.png](${image})`)
  })

  // Chats in folders would look for their pictures in the folder, where there are none.
  test('all chats share a picture, each showing it from where it lies', async () => {
    const { conversations, picture, listed } = await chatsWithPictures()
    const { folderId } = await conversations.listing.createFolder('Work')
    await conversations.listing.move(listed()[0]?.id ?? '', folderId)
    const files = unzippedBytes(readFileSync(await exported(conversations, 'markdown')))
    const image = `pictures/${picture.hash}.png`
    expect(Object.keys(files).filter(name => name.startsWith('pictures/'))).toEqual([image])
    for (const [name, bytes] of Object.entries(files)) {
      if (name === image) continue
      expect(bytes.toString()).toContain(`](${name.startsWith('Work/') ? '../' : ''}${image})`)
    }
  })

  // A link to a file that is not in the zip is a broken picture, and nobody was told.
  test('a picture that is gone is named, and its chat counted', async () => {
    const { home, conversations, listed } = await chatsWithPictures()
    rmSync(join(home, 'attachments'), { recursive: true })
    const request = { conversationId: listed()[0]?.id ?? '', format: 'markdown', words: exportWords('en') } as const
    const path = join(home, await conversations.transfer.nameFor(request))
    expect(await finished(conversations.transfer.export(request, path))).toEqual({ unreadable: 1 })
    const files = Object.values(unzippedBytes(readFileSync(path)))
    expect(files).toHaveLength(1)
    expect(files[0]?.toString()).toContain('> *Picture: red circle.png*')
  })

  // Who types another ending than was offered gets the form they typed.
  test('a path that ends in .md gets the text alone', async () => {
    const { home, conversations, listed } = await chatsWithPictures()
    const request = { conversationId: listed()[0]?.id ?? '', format: 'markdown', words: exportWords('en') } as const
    const path = join(home, 'alone.md')
    await finished(conversations.transfer.export(request, path))
    expect(readFileSync(path, 'utf8')).toContain('> *Picture: red circle.png*')
  })
})

/** A chat whose question is a document alone. */
async function chatWithDocument(name = 'note.md') {
  const { home, conversations, inference, watch, listed } = await hearth()
  const note = await conversations.attachText({ name, text: 'My name is Lena.' })
  const asked = { conversationId: null, parentId: null, content: '', model, attachments: [note] }
  const { conversationId } = await conversations.send(asked)
  const shown = watch(conversationId)
  inference.last.finish()
  await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  return { home, conversations, note, listed }
}

test('a document comes back with its chat', async () => {
  const { conversations, note } = await chatWithDocument()
  const path = await exported(conversations, 'json')
  const other = await hearth()
  expect(await imported(other.conversations, path)).toMatchObject({ unreadable: 0, conversations: 1 })
  expect(other.watch(other.listed()[0]?.id ?? '').messages[0]?.attachments).toEqual([note])
  const kept = await other.conversations.attachments.read(note.hash)
  expect(new TextDecoder().decode(kept?.bytes)).toBe('My name is Lena.')
})

test('as Markdown a document stands beside the text, which leads to it and cannot be led astray by its name', async () => {
  const { home, conversations, note, listed } = await chatWithDocument('](x) <script>alert(1)</script>.md')
  const id = listed()[0]?.id ?? ''
  const files = unzippedBytes(readFileSync(await exported(conversations, 'markdown', id)))
  const file = `documents/${note.hash}.txt`
  expect(files[file]?.toString()).toBe('\ufeffMy name is Lena.')
  const [text] = Object.entries(files).flatMap(([name, bytes]) => (name === file ? [] : [bytes.toString()]))
  const called = String.raw`\](x) \<script\>alert(1)\</script\>.md`
  expect(text).toContain(`> [${called}](${file})`)
  rmSync(join(home, 'attachments'), { recursive: true })
  const request = { conversationId: id, format: 'markdown', words: exportWords('en') } as const
  const path = join(home, 'gone.zip')
  expect(await finished(conversations.transfer.export(request, path))).toEqual({ unreadable: 1 })
  expect(Object.values(unzippedBytes(readFileSync(path)))[0]?.toString()).toContain(`> *File: ${called}*`)
})

// A stranger's file must put nothing under another's name, and nothing that takes all memory when it is asked about.
test.each([
  ['other words', Buffer.from('\ufeffMy name is Max.')],
  ['a text without the mark of one', Buffer.from('My name is Lena.')],
  ['more than a question may hold', Buffer.concat([Buffer.from('\ufeff'), Buffer.alloc(6_000_001, 'a')])],
])('%s in the place of a document is counted, and shown nowhere', async (_, bytes) => {
  const { conversations, note } = await chatWithDocument()
  const path = await exported(conversations, 'json')
  const own = Buffer.from('\ufeffMy name is Lena.').toString('base64')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(own)
  writeFileSync(path, text.replace(own, bytes.toString('base64')))
  const other = await hearth()
  expect(await imported(other.conversations, path)).toMatchObject({ unreadable: 1, conversations: 1 })
  expect(await other.conversations.attachments.read(note.hash)).toBeUndefined()
})
