import { expect, test } from 'vitest'
import { sectionsOf } from '../../../../renderer/features/history/sections.ts'
import { aConversation } from '../fake-hearth.ts'

const now = new Date(2026, 10, 21, 12).getTime()
const work = { id: 'f1', name: 'Work' }
const empty = { id: 'f2', name: 'Empty' }

const names = (...args: Parameters<typeof sectionsOf>) =>
  sectionsOf(...args).map(section => [
    section.kind === 'folder' ? section.folder.name : section.kind === 'date' ? section.group.kind : section.kind,
    section.conversations.map(({ id }) => id).join(' '),
  ])

test('each chat stands in one place: pinned before its folder, its folder before its date', () => {
  const chats = [
    aConversation({ id: 'loose', updatedAt: now }),
    aConversation({ id: 'both', updatedAt: now - 1, pinned: true, folderId: 'f1' }),
    aConversation({ id: 'filed', updatedAt: now - 2, folderId: 'f1' }),
    aConversation({ id: 'old', updatedAt: new Date(2026, 10, 20, 12).getTime() }),
  ]
  expect(names(chats, [empty, work], now)).toEqual([
    ['pinned', 'both'],
    ['Empty', ''],
    ['Work', 'filed'],
    ['today', 'loose'],
    ['yesterday', 'old'],
  ])
})

// A folder that is lost, as with a damaged file, must not hide what was in it.
test('a chat in a folder that is not known stands by its date', () => {
  expect(names([aConversation({ id: 'a', updatedAt: now, folderId: 'gone' })], [], now)).toEqual([['today', 'a']])
})
