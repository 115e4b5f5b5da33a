import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isLasting, rememberedWindows, rememberWindows } from '../../../main/desktop/open-windows.ts'

function file(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-windows-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'windows.json')
  if (text !== undefined) writeFileSync(path, text)
  return path
}

test('windows come back with their chats', async () => {
  const path = file()
  const windows = [
    { number: 2, page: '#/chat/0197-a' },
    { number: 1, page: '' },
    { number: 3, page: '#/forms' },
  ]
  await rememberWindows(path, windows)
  expect(rememberedWindows(path)).toEqual(windows)
})

test('the first start, and a file that is anything, open nothing', () => {
  for (const text of [undefined, '', '{', 'null', '{}', '[null, 7, {}]', '[{"number":"1","page":""}]']) {
    expect(rememberedWindows(file(text))).toEqual([])
  }
})

// A file that was tampered with must neither lead a window elsewhere, nor open a thousand of them.
test('what no Hearth has written is left out', () => {
  const strange = [
    { number: 1, page: 'https://example.com' },
    { number: 2, page: '#/chat/../../x' },
    { number: 0, page: '' },
    { number: 3, page: '#/open/1' },
    { number: 4, page: '#/chat' },
    { number: 4, page: '' },
  ]
  expect(rememberedWindows(file(JSON.stringify(strange)))).toEqual([{ number: 4, page: '' }])
  const many = Array.from({ length: 1_000 }, (_, index) => ({ number: index + 1, page: '' }))
  expect(rememberedWindows(file(JSON.stringify(many)))).toHaveLength(20)
})

test('a window comes back to a chat or a form, not to the settings it was at last', () => {
  expect(['#/chat', '#/chat/0197-a', '#/forms', '#/forms/0197-b'].map(isLasting)).toEqual([true, true, true, true])
  expect(['', '#/settings', '#/models/discover', '#/server', '#/open/3', '#/chatter'].map(isLasting)).toEqual(
    Array.from({ length: 6 }, () => false),
  )
})
