// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { CallOutput } from '../../../preload/contract.ts'
import { SearchField } from '../../../renderer/features/search/search-field.tsx'
import { SearchResults } from '../../../renderer/features/search/search-results.tsx'
import { clearSearch, followSearch } from '../../../renderer/features/search/search-store.ts'
import { useConversations } from '../../../renderer/state/conversations.ts'
import { Dialog } from '../../../renderer/ui/dialog.tsx'
import { aConversation, installHearth } from './fake-hearth.ts'
import { vectors } from './markdown/xss-vectors.ts'
import { stage } from './stage.tsx'

type Found = CallOutput<'conversations.search'>

const nothing: Found = { titles: [], messages: [], next: null, indexing: false }
const message = (messageId: string, text: string): Found['messages'][number] => ({
  messageId,
  conversationId: 'c',
  title: 'A chat',
  role: 'user',
  document: null,
  createdAt: 0,
  excerpt: [{ text, match: true }],
})

const draw = () => {
  stage(
    <>
      <SearchField />
      <SearchResults />
    </>,
  )
  return screen.getByRole('searchbox')
}
const write = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } })

beforeEach(() => {
  clearSearch()
  useConversations.setState({ conversations: null })
})

test('a late answer to an earlier query does not replace a later one', async () => {
  const answers = new Map<string, (found: Found) => void>()
  const hearth = installHearth({
    'conversations.search': ({ query }) => new Promise(resolve => answers.set(query, resolve)),
  })
  const field = draw()
  write(field, 'slow')
  await waitFor(() => expect(answers.has('slow')).toBe(true))
  write(field, 'quick')
  await waitFor(() => expect(answers.has('quick')).toBe(true))
  answers.get('quick')?.({ ...nothing, messages: [message('1', 'of the quick one')] })
  answers.get('slow')?.({ ...nothing, messages: [message('2', 'of the slow one')] })
  expect(await screen.findByText('of the quick one')).toBeTruthy()
  expect(screen.queryByText('of the slow one')).toBeNull()
  expect(hearth.inputsOf('conversations.search')).toHaveLength(2)
})

test('more is added below, and says when there is no more', async () => {
  installHearth({
    'conversations.search': ({ before }) =>
      before === null
        ? { ...nothing, messages: [message('1', 'first')], next: 7 }
        : { ...nothing, messages: [message('2', 'second')] },
  })
  write(draw(), 'x')
  fireEvent.click(await screen.findByRole('button', { name: 'Show more' }))
  expect(await screen.findByText('second')).toBeTruthy()
  expect(screen.getByText('first')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

// The click did nothing: while documents were read, the results came anew every second.
test('more that is on its way comes, also when it is looked again meanwhile', async () => {
  let more = (_: Found) => {}
  const hearth = installHearth({
    'conversations.search': ({ before }) =>
      before === null
        ? { ...nothing, messages: [message('1', 'first')], next: 7, indexing: true }
        : new Promise<Found>(resolve => (more = resolve)),
  })
  write(draw(), 'x')
  fireEvent.click(await screen.findByRole('button', { name: 'Show more' }))
  const looked = () => hearth.inputsOf('conversations.search').filter(({ before }) => before === null).length
  await waitFor(() => expect(looked()).toBeGreaterThan(1))
  more({ ...nothing, messages: [message('2', 'second')] })
  expect(await screen.findByText('second')).toBeTruthy()
  expect(screen.getByText('first')).toBeTruthy()
})

test('nothing found, a search that fails and an index in the making are told', async () => {
  let indexing = false
  installHearth({
    'conversations.search': ({ query }) => {
      if (query === 'broken') throw { code: 'disk-full', message: 'no space left on device' }
      return { ...nothing, indexing }
    },
  })
  const field = draw()
  write(field, 'absent')
  await screen.findByText(/Nothing found/)
  write(field, 'broken')
  await screen.findByText('The disk is full')
  indexing = true
  write(field, 'early')
  await screen.findByText(/still being read/)
})

// Excerpts are the text of anybody: a search result injected as HTML has been a hole in this field's programs.
test('excerpts and titles that carry script stay text', async () => {
  installHearth({
    'conversations.search': () => ({
      ...nothing,
      titles: vectors.map((text, at) => ({ conversationId: `t${at}`, title: [{ text, match: at % 2 === 0 }] })),
      messages: vectors.map((text, at) => message(`m${at}`, text)),
    }),
  })
  write(draw(), 'x')
  await waitFor(() => expect(screen.getAllByRole('button').length).toBeGreaterThan(vectors.length))
  expect(
    document.querySelectorAll('nav script, nav img, nav iframe, nav svg, nav a, nav style, nav form'),
  ).toHaveLength(0)
})

test('what is in a chat that is deleted leaves the list, and comes back with it', async () => {
  installHearth({ 'conversations.search': () => ({ ...nothing, messages: [message('1', 'of the chat')] }) })
  const chat = aConversation({ id: 'c', title: 'A chat' })
  useConversations.setState({ conversations: [chat] })
  write(draw(), 'x')
  await screen.findByText('of the chat')
  act(() => useConversations.setState({ conversations: [] }))
  expect(screen.queryByText('of the chat')).toBeNull()
  expect(screen.getByText('Nothing found. Try fewer or shorter words.')).toBeTruthy()
  act(() => useConversations.setState({ conversations: [chat] }))
  expect(screen.getByText('of the chat')).toBeTruthy()
})

// Searched for while it was in the trash, it stayed missing until one typed again.
test('a chat that is taken out of the trash is found, too', async () => {
  let isDeleted = true
  installHearth({
    'conversations.search': () => ({ ...nothing, messages: isDeleted ? [] : [message('1', 'of the chat')] }),
  })
  const end = followSearch()
  onTestFinished(end)
  const other = aConversation({ id: 'other' })
  useConversations.setState({ conversations: [other] })
  write(draw(), 'x')
  await screen.findByText(/Nothing found/)
  isDeleted = false
  act(() => useConversations.setState({ conversations: [other, aConversation({ id: 'c' })] }))
  expect(await screen.findByText('of the chat')).toBeTruthy()
})

// The whole sidebar went that lay over a narrow window.
test('Escape on a result leads back to the field, also where the results lie over the window', async () => {
  installHearth({ 'conversations.search': () => ({ ...nothing, messages: [message('1', 'of the chat')] }) })
  let closed = 0
  stage(
    <Dialog title="Sidebar" onClose={() => (closed += 1)} returnTo={() => null}>
      <SearchField />
      <SearchResults />
    </Dialog>,
  )
  write(screen.getByRole('searchbox'), 'x')
  const result = (await screen.findByText('of the chat')).closest('button') as HTMLElement
  result.focus()
  fireEvent.keyDown(result, { key: 'Escape' })
  expect(document.activeElement).toBe(screen.getByRole('searchbox'))
  expect(closed).toBe(0)
})
