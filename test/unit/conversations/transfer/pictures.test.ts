import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { blueSquare, draw, redCircle } from '../../../integration/pictures.ts'
import { hearth, model } from '../opened-hearth.ts'
import { exported, imported } from './files.ts'

const red = draw([redCircle])

/** An export of two chats that show the same picture. */
async function exportedWithPictures(before: (home: string) => void = () => undefined) {
  const { home, conversations, inference, watch } = await hearth()
  const picture = await conversations.attach({ name: 'red circle.png', content: new Uint8Array(red) })
  for (const content of ['What is this?', 'And this?']) {
    const asked = { conversationId: null, parentId: null, content, model, attachments: [picture] }
    const shown = watch((await conversations.send(asked)).conversationId)
    inference.last.finish()
    await vi.waitFor(() => expect(shown.last?.state).toBe('complete'))
  }
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
