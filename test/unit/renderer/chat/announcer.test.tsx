// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Message } from '../../../../preload/contract.ts'
import { Announcer } from '../../../../renderer/features/chat/announcer.tsx'
import { useChat } from '../../../../renderer/features/chat/chat-store.ts'
import { standIn } from '../../../../renderer/features/chat/use-kept-focus.ts'
import { aMessage } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const question = aMessage({ id: 'q', role: 'user', content: 'Why?', versions: ['q'] })
const answer = (id: string, rest: Partial<Message> = {}) =>
  aMessage({ id, parentId: 'q', role: 'assistant', content: 'Because.', versions: ['a', 'b'], ...rest })
const show = (...messages: Message[]) =>
  act(() => useChat.setState(({ thread }) => ({ thread: { ...thread, messages } })))

// Between Enter and the finished answer there was silence, and after "Previous version" as well.
it('tells that an answer is on its way, that it has ended, however it did, and which version is shown', () => {
  show(question)
  const { container } = stage(<Announcer />)
  const said = () => container.querySelector('[aria-live=polite]')?.textContent
  expect(said()).toBe('')
  show(question, answer('a', { state: 'waiting', content: '' }))
  expect(said()).toBe('Working on it')
  show(question, answer('a', { state: 'waiting', content: '', wait: { for: 'model', fraction: 0.1 } }))
  const waking = said()
  expect(waking).toMatch(/^Waking/)
  show(question, answer('a', { state: 'streaming' }))
  expect(said()).toBe(waking)
  show(question, answer('a', { state: 'interrupted' }))
  expect(said()).toBe('Hearth closed before this answer was finished.')
  show(question, answer('b', { state: 'waiting', content: '' }))
  show(question, answer('b', { state: 'complete' }))
  expect(said()).toMatch(/Because\.$/)
  show(question, answer('a', { state: 'interrupted' }))
  expect(said()).toBe('Version 1 of 2')
  // The card of a failed answer tells itself; what stood here before it would not be told a second time.
  show(question, answer('b', { state: 'waiting', content: '' }))
  expect(said()).toBe('Working on it')
  show(question, answer('b', { state: 'failed', content: '' }))
  expect(said()).toBe('')
})

it('the focus goes to the other version, to what takes the place, or to what is left', () => {
  const before = [question, answer('a')]
  expect(standIn('a', before, [question, answer('b')])?.id).toBe('b')
  expect(standIn('q', before, [answer('a')])?.id).toBe('a')
  expect(standIn('a', before, [question])?.id).toBe('q')
  expect(standIn('a', before, [])).toBeUndefined()
})
