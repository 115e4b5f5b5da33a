import { expect, test } from 'vitest'
import { drawnOf, sectionsOf } from '../../../../renderer/features/history/sections.ts'
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

// A folded folder of hundreds would leave the list empty until all of it was drawn.
test('of many chats those in sight are drawn first, those folded away last', () => {
  const chats = [
    aConversation({ id: 'filed', updatedAt: now, folderId: 'f1' }),
    aConversation({ id: 'filed too', updatedAt: now - 1, folderId: 'f1' }),
    aConversation({ id: 'a', updatedAt: now - 2 }),
    aConversation({ id: 'b', updatedAt: now - 3 }),
  ]
  const sections = sectionsOf(chats, [work], now)
  const drawn = (closed: string[], rows: number) => {
    const counts = drawnOf(sections, new Set(closed), rows)
    return sections.map(section => counts.get(section))
  }
  expect(drawn([], 3)).toEqual([2, 1])
  expect(drawn(['f1'], 3)).toEqual([1, 2])
  expect(drawn(['f1'], Number.POSITIVE_INFINITY)).toEqual([2, 2])
})
