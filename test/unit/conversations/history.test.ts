import { expect, test } from 'vitest'
import { historyOf } from '../../../main/conversations/history.ts'
import type { StoredMessage } from '../../../main/conversations/rows.ts'

const message = (role: StoredMessage['role'], content: string, more: Partial<StoredMessage> = {}): StoredMessage => ({
  ...{ id: 'id', parentId: null, role, content, thinking: '', model: '', state: 'complete' },
  ...{ problem: null, createdAt: 0, metrics: null, attachments: [] },
  ...more,
})

test('the model reads what was said, in order, without its old thinking', () => {
  const path = [
    message('system', 'Be brief.'),
    message('user', 'My name is Lena.'),
    message('assistant', 'Hello Lena.', { thinking: 'She says her name.' }),
    message('user', 'What is my name?'),
  ]
  expect(historyOf(path)).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'My name is Lena.' },
    { role: 'assistant', content: 'Hello Lena.' },
    { role: 'user', content: 'What is my name?' },
  ])
})

test('a reply the person stopped is part of the talk; one that failed or is empty is not', () => {
  const path = [
    message('user', 'One?'),
    message('assistant', 'Half an ans', { state: 'stopped' }),
    message('user', 'Two?'),
    message('assistant', 'Broken', { state: 'failed' }),
    message('user', 'Three?'),
    message('assistant', ' \n', { state: 'interrupted', thinking: 'only thought' }),
    message('user', 'Four?'),
  ]
  expect(historyOf(path)).toEqual([
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'Half an ans' },
    // Turns alternate: templates that insist on it would refuse every later question after one failure.
    { role: 'user', content: 'Two?\n\nThree?\n\nFour?' },
  ])
})

test('joining does not change the messages it came from', () => {
  const first = message('user', 'One?')
  historyOf([first, message('user', 'Two?')])
  expect(first.content).toBe('One?')
})
