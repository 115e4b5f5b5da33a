import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AttachmentFolder } from '../../../main/attachments/attachment-folder.ts'
import { pictureOf } from '../../../main/attachments/picture.ts'
import { draw, pictureFile, redCircle } from '../../integration/pictures.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const red = draw([redCircle])

test('a file cut short under its name is written anew', async () => {
  const home = temporaryHome()
  const folder = new AttachmentFolder(home)
  const { hash } = await folder.add(red)
  writeFileSync(join(home, 'attachments', hash), red.subarray(0, 50))
  await folder.add(red)
  expect((await folder.read(hash))?.bytes).toEqual(red)
})

test('names that are no hash reach no file', async () => {
  const folder = new AttachmentFolder(temporaryHome())
  for (const name of ['', '..', '../conversations.db', `${'a'.repeat(64)}/..`]) {
    expect(await folder.read(name)).toBeUndefined()
  }
})

test.each([
  ['red-circle.gif', 'image/gif'],
  ['red-circle.jpg', 'image/jpeg'],
  ['red-circle-lossy.webp', 'image/webp'],
])('%s is known by its bytes', (name, type) => {
  expect(pictureOf(pictureFile(name))).toMatchObject({ type })
})
