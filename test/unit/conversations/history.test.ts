import { expect, test } from 'vitest'
import { historyOf } from '../../../main/conversations/history.ts'
import type { StoredMessage } from '../../../main/conversations/rows.ts'
import { storedMessage } from './stored-message.ts'

const message = (role: StoredMessage['role'], content: string, more: Partial<StoredMessage> = {}): StoredMessage =>
  storedMessage({ role, content, ...more })

test('the model reads what was said, in order, without its old thinking', () => {
  const path = [
    message('system', 'Be brief.'),
    message('user', 'My name is Lena.'),
    message('assistant', 'Hello Lena.', { thinking: 'She says her name.' }),
    message('user', 'What is my name?'),
  ]
  expect(historyOf(path).messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'My name is Lena.' },
    { role: 'assistant', content: 'Hello Lena.' },
    { role: 'user', content: 'What is my name?' },
  ])
})

// What stands on the screen and was left out made the next answer one to another talk.
test('a reply that was stopped or failed midway is part of the talk; one that is empty is not', () => {
  const path = [
    message('user', 'One?'),
    message('assistant', 'Half an ans', { state: 'stopped' }),
    message('user', 'Two?'),
    message('assistant', 'Brok', { state: 'failed' }),
    message('user', 'Three?'),
    message('assistant', '', { state: 'failed' }),
    message('user', 'Still three?'),
    message('assistant', ' \n', { state: 'interrupted', thinking: 'only thought' }),
    message('user', 'Four?'),
  ]
  expect(historyOf(path).messages).toEqual([
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'Half an ans' },
    { role: 'user', content: 'Two?' },
    { role: 'assistant', content: 'Brok' },
    // Turns alternate: templates that insist on it would refuse every later question after one failure.
    { role: 'user', content: 'Three?\n\nStill three?\n\nFour?' },
  ])
})

// A template that wants a question first refused every later question of such a chat.
test('a chat whose first question was deleted begins with an empty one', () => {
  const path = [message('assistant', 'Paris.', { id: 'answer' }), message('user', 'Sure?', { id: 'asked' })]
  const { messages, origins } = historyOf(path, 'Be brief.')
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: '' },
    { role: 'assistant', content: 'Paris.' },
    { role: 'user', content: 'Sure?' },
  ])
  expect(origins).toEqual(['answer', 'answer', 'asked'])
})

test('joining does not change the messages it came from', () => {
  const first = message('user', 'One?')
  historyOf([first, message('user', 'Two?')])
  expect(first.content).toBe('One?')
})

// What a model has forgotten is told by the message it began to read at.
test('each turn is known by the first message in it, the system prompts left out', () => {
  const path = [
    message('system', 'Be brief.', { id: 'system' }),
    message('user', 'One?', { id: 'first' }),
    message('assistant', '', { id: 'failed', state: 'failed' }),
    message('user', 'Two?', { id: 'second' }),
    message('assistant', 'Two.', { id: 'answer' }),
  ]
  expect(historyOf(path, 'You are kind.').origins).toEqual(['first', 'answer'])
})

test('calls of tools and their results reach the model, and nothing is joined to them', () => {
  const call = { id: 'c1', name: 'weather', arguments: { city: 'Paris' } }
  const path = [
    message('user', 'Weather?'),
    message('assistant', '', { toolCalls: [call, { ...call, id: '' }] }),
    message('tool', '21', { tool: { name: 'weather', callId: 'c1' } }),
    message('tool', '22', { tool: { name: 'weather', callId: '' } }),
    message('assistant', 'Warm.'),
    message('assistant', 'Very.'),
  ]
  const called = { name: 'weather', arguments: { city: 'Paris' } }
  expect(historyOf(path).messages).toEqual([
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'c1', function: called }, { function: called }] },
    { role: 'tool', content: '21', toolName: 'weather', toolCallId: 'c1' },
    { role: 'tool', content: '22', toolName: 'weather' },
    { role: 'assistant', content: 'Warm.\n\nVery.' },
  ])
})
