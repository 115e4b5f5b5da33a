// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openConversation, useChat } from '../../../../renderer/features/chat/chat-store.ts'
import { Composer } from '../../../../renderer/features/chat/composer.tsx'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { usePlace } from '../../../../renderer/state/place.ts'
import { aConversation, aMessage, type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

const demo = { name: 'hearth-demo', size: 1, parameters: '', demo: true, chats: true, sees: false, abilities: [] }
let hearth: FakeHearth
let refusal: object | null

const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your message' })
const sent = () => hearth.inputsOf('conversations.send')

async function open(id: string | null, messages = [aMessage({ id: 'a' })]) {
  await act(async () => {
    openConversation(id)
    if (id) hearth.emit('conversations.watch', { type: 'all', conversation: aConversation({ id }), messages })
  })
}

beforeEach(async () => {
  refusal = null
  hearth = installHearth({
    'conversations.send': () => {
      if (refusal) throw refusal
      return { conversationId: 'c1', questionId: 'q', replyId: 'r' }
    },
  })
  useModels.setState({ models: [demo], problem: null, picked: {}, pickerOpen: false, afterPick: null })
  useConversations.setState({ conversations: [] })
  await open(null)
})

describe('the composer', () => {
  it('sends with Enter, opens the conversation it began and empties itself', async () => {
    stage(<Composer />)
    await userEvent.type(box(), 'What is the capital of France?{Enter}')
    expect(sent()).toEqual([
      { conversationId: null, parentId: null, content: 'What is the capital of France?', model: 'hearth-demo' },
    ])
    expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'c1' })
    await waitFor(() => expect(box().value).toBe(''))
  })

  it('continues below the last message', async () => {
    await open('c1', [aMessage({ id: 'q', role: 'user' }), aMessage({ id: 'last', parentId: 'q' })])
    stage(<Composer />)
    await userEvent.type(box(), 'And of Italy?{Enter}')
    expect(sent()[0]).toMatchObject({ conversationId: 'c1', parentId: 'last' })
  })

  it('makes a new line with Shift and Enter', async () => {
    stage(<Composer />)
    await userEvent.type(box(), 'one{Shift>}{Enter}{/Shift}two')
    expect(box().value).toBe('one\ntwo')
    expect(sent()).toEqual([])
  })

  it('does not send the Enter that takes a word from an input method', async () => {
    stage(<Composer />)
    fireEvent.change(box(), { target: { value: 'nihao' } })
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true })
    fireEvent.keyDown(box(), { key: 'Enter', keyCode: 229 })
    expect(sent()).toEqual([])
    fireEvent.keyDown(box(), { key: 'Enter', keyCode: 13 })
    expect(sent()).toHaveLength(1)
  })

  it('sends nothing that is only blanks, and says so by its button', async () => {
    stage(<Composer />)
    await userEvent.type(box(), '  {Enter}')
    expect(sent()).toEqual([])
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
  })

  it('sends once, however fast Enter is pressed', async () => {
    stage(<Composer />)
    fireEvent.change(box(), { target: { value: 'Hi' } })
    fireEvent.keyDown(box(), { key: 'Enter' })
    fireEvent.keyDown(box(), { key: 'Enter' })
    await settle()
    expect(sent()).toHaveLength(1)
  })

  it('keeps the text while an answer is being written, says why, and stops with its button', async () => {
    await open('c1', [aMessage({ id: 'r', state: 'streaming' })])
    stage(<Composer />)
    await userEvent.type(box(), 'And then?{Enter}')
    expect(sent()).toEqual([])
    expect(box().value).toBe('And then?')
    expect(screen.getByText(/Still answering/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }))
    expect(hearth.inputsOf('conversations.stop')).toEqual([{ messageId: 'r' }])
  })

  it('keeps the text when main refuses it, and tells why', async () => {
    refusal = problem('database')
    stage(<Composer />)
    await userEvent.type(box(), 'Hello?{Enter}')
    await waitFor(() => expect(useChat.getState().sendProblem?.code).toBe('database'))
    expect(box().value).toBe('Hello?')
  })

  it('keeps a draft for each chat, over switching and a reload', async () => {
    const page = stage(<Composer />)
    await userEvent.type(box(), 'for the new one')
    await open('c1')
    expect(box().value).toBe('')
    await userEvent.type(box(), 'for c1')
    await open(null)
    expect(box().value).toBe('for the new one')
    page.unmount()
    await open('c1')
    stage(<Composer />)
    expect(box().value).toBe('for c1')
  })

  it('leaves what was typed while the question was on its way', async () => {
    stage(<Composer />)
    fireEvent.change(box(), { target: { value: 'first' } })
    fireEvent.keyDown(box(), { key: 'Enter' })
    fireEvent.change(box(), { target: { value: 'first and more' } })
    await settle()
    expect(box().value).toBe('first and more')
  })

  it('does not send to a model that has vanished, and says so', async () => {
    useConversations.setState({ conversations: [aConversation({ id: 'c1', model: 'qwen3:8b' })] })
    await open('c1')
    stage(<Composer />)
    await userEvent.type(box(), 'Hello{Enter}')
    expect(sent()).toEqual([])
    expect(screen.getByText(/qwen3:8b, which is no longer on this computer/)).toBeTruthy()
  })

  it('goes on with another model once one is picked', async () => {
    useConversations.setState({ conversations: [aConversation({ id: 'c1', model: 'qwen3:8b' })] })
    await open('c1')
    stage(<Composer />)
    await userEvent.click(screen.getByRole('button', { name: /^Model: qwen3:8b/ }))
    await userEvent.click(await screen.findByRole('menuitemradio', { name: /hearth-demo/ }))
    await userEvent.type(box(), 'Hello{Enter}')
    expect(sent()[0]).toMatchObject({ model: 'hearth-demo' })
  })

  it('forgets a draft that is already the newest question: the app was killed before the store had emptied it', async () => {
    localStorage.setItem('hearth.draft.k1', 'Why is the sky blue?')
    localStorage.setItem('hearth.draft.k2', 'Why is the sky dark?')
    const messages = [
      aMessage({ id: 'q', role: 'user', content: 'Why is the sky blue?' }),
      aMessage({ id: 'r', parentId: 'q', state: 'interrupted' }),
    ]
    await open('k1', messages)
    stage(<Composer />)
    expect(box().value).toBe('')
    expect(localStorage.getItem('hearth.draft.k1')).toBeNull()
    await open('k2', messages)
    expect(box().value).toBe('Why is the sky dark?')
  })

  it('keeps the same question typed once more', async () => {
    const messages = [aMessage({ id: 'q', role: 'user', content: 'Again?' }), aMessage({ id: 'r', parentId: 'q' })]
    await open('k3', messages)
    stage(<Composer />)
    await userEvent.type(box(), 'Again?')
    await open('k2', messages)
    await open('k3', messages)
    expect(box().value).toBe('Again?')
  })

  it('forgets a draft of a new chat that began the newest chat', async () => {
    // Each reading of the module is a window that was just opened.
    vi.resetModules()
    localStorage.setItem('hearth.draft.new', 'Why is the sky blue?')
    const { Composer } = await import('../../../../renderer/features/chat/composer.tsx')
    const conversations = await import('../../../../renderer/state/conversations.ts')
    await import('../../../../renderer/i18n/i18n.ts').then(({ startTexts }) => startTexts('en'))
    conversations.useConversations.setState({
      conversations: [
        aConversation({ id: 'older', createdAt: 1, updatedAt: 9 }),
        aConversation({ id: 'newest', createdAt: 2, updatedAt: 2 }),
      ],
    })
    stage(<Composer />)
    expect(box().value).toBe('Why is the sky blue?')
    const watched = hearth.streams.filter(({ name, ended }) => name === 'conversations.watch' && !ended)
    expect(watched.map(({ input }) => input)).toEqual([{ conversationId: 'newest' }])
    const conversation = aConversation({ id: 'newest' })
    const question = aMessage({ id: 'q', role: 'user', content: 'Why is the sky blue?' })
    const later = aMessage({ id: 'q2', role: 'user', content: 'And at night?' })
    act(() => hearth.emit('conversations.watch', { type: 'all', conversation, messages: [question, later] }))
    expect(box().value).toBe('')
    expect(localStorage.getItem('hearth.draft.new')).toBeNull()
    expect(watched.every(({ ended }) => ended)).toBe(true)
  })

  it('has the focus when a chat is opened', async () => {
    stage(<Composer />)
    box().blur()
    await open('c1')
    expect(document.activeElement).toBe(box())
  })
})
