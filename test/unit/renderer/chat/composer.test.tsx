// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { stopAction } from '../../../../renderer/features/chat/actions.ts'
import { openConversation, useChat } from '../../../../renderer/features/chat/chat-store.ts'
import { Composer } from '../../../../renderer/features/chat/composer.tsx'
import { HiddenAnswer } from '../../../../renderer/features/chat/hidden-answer.tsx'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { changeDraft } from '../../../../renderer/state/drafts.ts'
import { go, usePlace } from '../../../../renderer/state/place.ts'
import { aConversation, aMessage, type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

const demo = {
  name: 'hearth-demo',
  size: 1,
  parameters: '',
  demo: true,
  chats: true,
  sees: false,
  abilities: [],
  changedAt: 0,
}
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
  for (const id of [null, 'c1']) changeDraft(id, { text: '', attachments: [] })
  hearth = installHearth({
    'drafts.get': () => ({ text: '', attachments: [] }),
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
      {
        conversationId: null,
        parentId: null,
        content: 'What is the capital of France?',
        model: 'hearth-demo',
        fromDraft: true,
        window: 1,
      },
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
    await settle()
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

  // What the first click sent, the second stopped before its first word.
  it('takes a double click for one', async () => {
    await open('c1', [aMessage({ id: 'r', state: 'streaming' })])
    stage(<Composer />)
    await userEvent.dblClick(screen.getByRole('button', { name: 'Stop' }))
    expect(hearth.inputsOf('conversations.stop')).toHaveLength(1)
  })

  // The answer was out of sight with its button and its key, and the question was refused for another window's sake.
  it('stops an answer in a version that is not shown, which is told and can be shown', async () => {
    const writing = aConversation({ id: 'c1', answering: 'r' })
    useConversations.setState({ conversations: [writing] })
    await open('c1', [aMessage({ id: 'old' })])
    stage(
      <>
        <HiddenAnswer />
        <Composer />
      </>,
    )
    await userEvent.type(box(), 'And then?{Enter}')
    expect(sent()).toEqual([])
    expect(screen.getByText(/Still answering/)).toBeTruthy()
    expect(await screen.findByText('An answer is being written in another version.')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Show it' }))
    expect(hearth.inputsOf('conversations.selectVersion')).toEqual([{ messageId: 'r' }])
    expect(stopAction.when?.()).toBe(true)
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }))
    expect(hearth.inputsOf('conversations.stop')).toEqual([{ messageId: 'r' }])
    await open('c1', [aMessage({ id: 'r', state: 'streaming' })])
    expect(screen.queryByRole('button', { name: 'Show it' })).toBeNull()
    act(() => useConversations.setState({ conversations: [{ ...writing, answering: null }] }))
    await open('c1', [aMessage({ id: 'old' })])
    expect(screen.getByRole('button', { name: 'Send' })).toBeTruthy()
  })

  // A draft that was being saved held it back, and it went into whatever chat was open by then.
  it('sends into the chat it was written in, whatever is open when its turn comes', async () => {
    let saved = () => {}
    const saving = new Promise<void>(resolve => (saved = resolve))
    hearth.answers['drafts.keep'] = () => saving.then(() => ({ revision: 1 }))
    stage(<Composer />)
    fireEvent.change(box(), { target: { value: 'For a new chat' } })
    await waitFor(() => expect(hearth.inputsOf('drafts.keep')).not.toEqual([]))
    fireEvent.keyDown(box(), { key: 'Enter' })
    await open('c7', [aMessage({ id: 'last' })])
    go({ kind: 'chat', conversationId: 'c7' })
    refusal = problem('database')
    await act(async () => saved())
    await waitFor(() => expect(sent()).toMatchObject([{ conversationId: null, parentId: null }]))
    expect(usePlace.getState().place).toEqual({ kind: 'chat', conversationId: 'c7' })
    // Why it was not taken does not stand in the chat it was not written in.
    expect(await screen.findByText('Your data cannot be written right now')).toBeTruthy()
    expect(useChat.getState().sendProblem).toBeNull()
  })

  it('keeps the text when main refuses it, and tells why', async () => {
    refusal = problem('database')
    stage(<Composer />)
    await userEvent.type(box(), 'Hello?{Enter}')
    await waitFor(() => expect(useChat.getState().sendProblem?.code).toBe('database'))
    expect(box().value).toBe('Hello?')
  })

  it('keeps a draft for each chat, over switching', async () => {
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

  // A late save would bring back what main has just made a question of.
  it('saves what is typed after a pause, and nothing once it is sent', async () => {
    const kept = () => hearth.inputsOf('drafts.keep').filter(({ conversationId }) => conversationId === 'c5')
    await open('c5')
    stage(<Composer />)
    fireEvent.change(box(), { target: { value: 'What is' } })
    await waitFor(() => expect(kept()).toEqual([{ conversationId: 'c5', text: 'What is', attachments: [] }]))
    // In one go: between two keys of a slow machine there is a pause, too.
    fireEvent.change(box(), { target: { value: 'What is it?' } })
    fireEvent.keyDown(box(), { key: 'Enter' })
    await settle(300)
    expect(kept()).toHaveLength(1)
    expect(sent()).toMatchObject([{ content: 'What is it?', fromDraft: true }])
  })

  it('puts a draft that main has kept before what was typed meanwhile', async () => {
    let tell = (_: { text: string; attachments: [] }) => {}
    hearth.answers['drafts.get'] = () => new Promise(resolve => (tell = resolve))
    await open('c6')
    stage(<Composer />)
    fireEvent.change(box(), { target: { value: 'and more' } })
    await act(async () => tell({ text: 'something ', attachments: [] }))
    expect(box().value).toBe('something and more')
  })

  it('has the focus when a chat is opened', async () => {
    stage(<Composer />)
    box().blur()
    await open('c1')
    expect(document.activeElement).toBe(box())
  })
})
