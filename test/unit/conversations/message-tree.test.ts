import { expect, test } from 'vitest'
import { MessageTree } from '../../../main/conversations/message-tree.ts'
import type { StoredMessage } from '../../../main/conversations/rows.ts'
import { cpuTime } from '../../cpu-time.ts'
import { storedMessage } from './stored-message.ts'

const message = (id: string, parentId: string | null, role: StoredMessage['role'] = 'user'): StoredMessage =>
  storedMessage({ id, parentId, role, content: id })

//  q1 ── a1 ── q2 ── a2
//    │     └── q2b ── a2b     (the second question was edited)
//    └─ a1b                   (the first answer was made anew)
const tree = new MessageTree([
  message('q1', null),
  message('a1', 'q1', 'assistant'),
  message('q2', 'a1'),
  message('a2', 'q2', 'assistant'),
  message('q2b', 'a1'),
  message('a2b', 'q2b', 'assistant'),
  message('a1b', 'q1', 'assistant'),
])

const ids = (messages: readonly StoredMessage[]) => messages.map(({ id }) => id)

test('the path goes from the root to the leaf, past the versions not chosen', () => {
  expect(ids(tree.path('a2'))).toEqual(['q1', 'a1', 'q2', 'a2'])
  expect(ids(tree.path('a1b'))).toEqual(['q1', 'a1b'])
})

test('a leaf that is unknown or lost shows the newest path, not an empty chat', () => {
  expect(ids(tree.path('gone'))).toEqual(['q1', 'a1b'])
  expect(ids(tree.path(null))).toEqual(['q1', 'a1b'])
  expect(new MessageTree([]).path('gone')).toEqual([])
})

test('versions are the siblings of one role, oldest first', () => {
  expect(tree.versions('q1', 'assistant')).toEqual(['a1', 'a1b'])
  expect(tree.versions('a1', 'user')).toEqual(['q2', 'q2b'])
  expect(tree.versions(null, 'user')).toEqual(['q1'])
  expect(tree.versions(null, 'assistant')).toEqual([])
})

test('going back to a version leads to where its talk went on last', () => {
  expect(tree.newestLeaf('a1')).toBe('a2b')
  expect(tree.newestLeaf('q2')).toBe('a2')
  expect(tree.newestLeaf('a1b')).toBe('a1b')
})

test('a message whose parent is lost hangs on the one before it: the rest of the chat still shows', () => {
  const damaged = new MessageTree([
    message('q1', null),
    message('a1', 'q1', 'assistant'),
    message('a2', 'lost', 'assistant'),
    message('q3', 'a2'),
  ])
  expect(ids(damaged.path('q3'))).toEqual(['q1', 'a1', 'a2', 'q3'])
  expect(ids(new MessageTree([message('a', 'lost', 'assistant')]).path('a'))).toEqual(['a'])
})

test('a circle in a damaged file does not hang the app', () => {
  const circle = new MessageTree([message('a', 'b'), message('b', 'a')])
  expect(ids(circle.path('b'))).toEqual(['a', 'b'])
  expect(circle.newestLeaf('a')).toBe('b')
})

test('ten thousand messages in a row take no deep recursion and little time', () => {
  const long = Array.from({ length: 10_000 }, (_, index) => message(`m${index}`, index === 0 ? null : `m${index - 1}`))
  const from = cpuTime()
  const tall = new MessageTree(long)
  expect(tall.path('m9999')).toHaveLength(10_000)
  expect(tall.newestLeaf('m0')).toBe('m9999')
  expect(cpuTime() - from).toBeLessThan(2_000)
})
