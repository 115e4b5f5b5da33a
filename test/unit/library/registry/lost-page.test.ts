import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lostPage } from '../../../../main/library/registry/lost-page.ts'
import { temporaryHome } from '../../conversations/temporary-home.ts'

const mb = 1024 * 1024

async function fileOf(bytes: Buffer) {
  const file = await open(join(temporaryHome(), 'file'), 'wx+')
  onTestFinished(() => file.close())
  await file.writeFile(bytes)
  return file
}

test.each<[string, Buffer, number, number, number | undefined]>([
  ['nothing is lost', Buffer.alloc(3 * mb, 1), 5, 3 * mb - 5, undefined],
  ['a page', Buffer.alloc(3 * mb, 1).fill(0, 2 * mb, 2 * mb + 4096), 0, 3 * mb, 2 * mb - 4096],
  ['a page beside what was asked for', Buffer.alloc(3 * mb, 1).fill(0, 2 * mb, 2 * mb + 4096), 0, 2 * mb, undefined],
  ['zeros that fill no page', Buffer.alloc(mb, 1).fill(0, 4097, 12_287), 0, mb, undefined],
  ['the beginning of a part, which shares its page', Buffer.alloc(mb, 1).fill(0, 5000, 8192), 5000, mb, 5000],
  ['the end of a part', Buffer.alloc(mb, 1).fill(0, 8192, 9000), 0, 9000, 4096],
  ['an empty part', Buffer.alloc(0), 0, 0, undefined],
  ['a file that is shorter than it says', Buffer.alloc(mb, 1), 0, 2 * mb, mb],
])('%s', async (_, bytes, from, to, place) => {
  expect(await lostPage(await fileOf(bytes), from, to)).toBe(place)
})
