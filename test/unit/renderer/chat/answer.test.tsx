// @vitest-environment happy-dom
import { act, cleanup, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../../preload/contract.ts'
import { Announcer } from '../../../../renderer/features/chat/announcer.tsx'
import { Answer } from '../../../../renderer/features/chat/answer.tsx'
import { openConversation } from '../../../../renderer/features/chat/chat-store.ts'
import { Question } from '../../../../renderer/features/chat/question.tsx'
import { useModels } from '../../../../renderer/features/models/models-store.ts'
import { useConversations } from '../../../../renderer/state/conversations.ts'
import { aConversation, aMessage, type FakeHearth, installHearth, problem } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

let hearth: FakeHearth
const conversation = aConversation({ id: 'c', model: 'hearth-demo' })
const model = (name: string) => ({
  name,
  size: 1,
  parameters: '',
  demo: name === 'hearth-demo',
  chats: true,
  sees: false,
  abilities: [],
  changedAt: 0,
})
const metrics = { promptTokens: 1, outputTokens: 90, outputSeconds: 3, thinkingSeconds: null, ended: 'stop' } as const

const asked = aMessage({ id: 'q', role: 'user', content: 'Which?' })

/** The answer to a question, as the last message of the open chat. */
function show(over: Partial<Message>) {
  const message = aMessage({ id: 'a', parentId: 'q', ...over })
  // The first picture of a chat is taken at once.
  openConversation('c')
  hearth.emit('conversations.watch', { type: 'all', conversation, messages: [asked, message] })
  return stage(<Answer message={message} last />)
}

beforeEach(() => {
  hearth = installHearth({
    'conversations.send': () => ({ conversationId: 'c', questionId: 'x', replyId: 'y' }),
    'drafts.get': () => ({ text: '', attachments: [] }),
    'drafts.keep': () => ({ revision: 1 }),
  })
  useModels.setState({
    models: [model('hearth-demo'), model('gemma3:4b')],
    problem: null,
    picked: {},
    pickerOpen: false,
    afterPick: null,
  })
  useConversations.setState({ conversations: [conversation] })
  openConversation('c')
  hearth.emit('conversations.watch', { type: 'all', conversation, messages: [] })
})

describe('an answer', () => {
  // After a thought nothing came, and nothing said so.
  it('says that there is none when a model ends without a word', () => {
    const none = 'The model ended without an answer.'
    show({ content: '\n', thinking: 'Hm.', metrics })
    expect(screen.getByText(none)).toBeTruthy()
    cleanup()
    show({ content: '', metrics: { ...metrics, ended: 'length' } })
    expect(screen.queryByText(none)).toBeNull()
    cleanup()
    show({ content: '', toolCalls: [{ id: '', name: 'f', arguments: {} }], metrics })
    expect(screen.queryByText(none)).toBeNull()
  })

  // Figures that only a mouse that rests there sees are no figures on a keyboard.
  it('tells what was counted to who asks for it, by keyboard', async () => {
    const content = { state: 'complete', content: 'Paris.', model: 'gemma3:4b' } as const
    show({ ...content, metrics: { ...metrics, promptTokens: 1234, thinkingSeconds: 1.5 } })
    expect(screen.queryByText('1,234 tokens')).toBeNull()
    screen.getByRole('button', { name: 'gemma3:4b · 30 tokens a second' }).focus()
    await userEvent.keyboard('{Enter}')
    const figures = screen.getAllByRole('definition').map(({ textContent }) => textContent)
    expect(figures).toEqual(['gemma3:4b', '30 tokens a second', '90 tokens', '3 sec', '1.5 sec', '1,234 tokens'])
  })

  it('shows nothing for the first moment, then that it works', async () => {
    show({ state: 'waiting' })
    expect(screen.queryByRole('img')).toBeNull()
    await act(() => settle(350))
    expect(screen.getByRole('img', { name: 'Working on it' })).toBeTruthy()
  })

  it.each([
    ['model', 'Waking the model…'],
    ['prompt', 'Reading your question…'],
  ] as const)('shows how far it is: %s', async (what, name) => {
    show({ state: 'waiting', wait: { for: what, fraction: 0.4 } })
    await act(() => settle(350))
    expect(screen.getByRole('progressbar', { name }).getAttribute('value')).toBe('0.4')
    expect(screen.getByText('40%')).toBeTruthy()
  })

  // Three dots alone looked like a model that hangs.
  it('says that it waits for another answer', async () => {
    show({ state: 'waiting', wait: { for: 'turn', fraction: null } })
    await act(() => settle(350))
    expect(screen.getByText('Waiting for another answer…')).toBeTruthy()
  })

  // What could be done with a message vanished while another was written, as if it had never been there.
  it('keeps what can be done with it in its place while another is written, and says what it waits for', async () => {
    const [before, written] = [
      aMessage({ id: 'a', parentId: 'q', content: 'Paris.' }),
      aMessage({ id: 'w', parentId: 'a', state: 'streaming' }),
    ]
    // The first picture of a chat is taken at once.
    openConversation('c')
    hearth.emit('conversations.watch', { type: 'all', conversation, messages: [asked, before, written] })
    stage(<Answer message={before} last={false} />)
    const again = screen.getByRole('button', { name: 'Answer again' })
    expect(again.getAttribute('aria-disabled')).toBe('true')
    again.focus()
    await userEvent.keyboard('{Enter}')
    expect(screen.getByText('First stop the answer that is being written, or let it end.')).toBeTruthy()
    expect(hearth.inputsOf('conversations.regenerate')).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: 'More to do with this message' }))
    expect(screen.getByRole('menuitem', { name: 'Copy without formatting' }).getAttribute('aria-disabled')).toBe(
      'false',
    )
    await userEvent.click(screen.getByRole('menuitem', { name: /^Delete this message/ }))
    expect(hearth.inputsOf('conversations.deleteMessage')).toEqual([])

    act(() => hearth.emit('conversations.watch', { type: 'all', conversation, messages: [asked, before] }))
    await expect.poll(() => again.getAttribute('aria-disabled')).toBe('false')
    await userEvent.click(again)
    expect(hearth.inputsOf('conversations.regenerate')).toHaveLength(1)
  })

  it('folds what the model thought behind how long it took', async () => {
    show({ thinking: 'First, the map.', content: 'Paris.', metrics: { ...metrics, thinkingSeconds: 4.2 } })
    const fold = screen.getByRole('button', { name: 'Thought for 4 seconds' })
    expect(screen.queryByText('First, the map.')).toBeNull()
    await userEvent.click(fold)
    expect(screen.getByText('First, the map.')).toBeTruthy()
  })

  it('says that it thinks while it does', () => {
    show({ state: 'streaming', thinking: 'Hm' })
    expect(screen.getByRole('button', { name: 'Thinking…' })).toBeTruthy()
  })

  it.each([
    ['stopped', 'You stopped this answer.'],
    ['interrupted', 'Hearth closed before this answer was finished.'],
  ] as const)('that was %s says so, keeps its text and can be asked for again', async (state, words) => {
    show({ state, content: 'Half an' })
    expect(screen.getByText('Half an')).toBeTruthy()
    expect(screen.getByText(words)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Answer again' }))
    expect(hearth.inputsOf('conversations.regenerate')).toEqual([{ messageId: 'a', model: 'hearth-demo' }])
  })

  // The second press came while the first was under way, and was refused in a message about nothing anybody had done.
  it.each([
    ['Answer again', { state: 'complete', content: 'Paris.' }],
    ['Try again', { state: 'failed', problem: problem('engine-crashed') }],
  ] as const)('is asked for once by a double click: %s', async (name, over) => {
    show(over)
    await userEvent.dblClick(screen.getByRole('button', { name }))
    expect(hearth.inputsOf('conversations.regenerate')).toHaveLength(1)
  })

  it('that reached its limit says so', () => {
    show({ content: 'Long', metrics: { ...metrics, ended: 'length' } })
    expect(screen.getByText('The answer reached its length limit.')).toBeTruthy()
  })

  it('that failed before its first word says what happened, and mends it with one button', async () => {
    show({ state: 'failed', problem: problem('engine-crashed') })
    expect(screen.getByRole('alert').textContent).toContain('The model stopped unexpectedly')
    expect(screen.getAllByRole('button', { name: /again|continue/i })).toHaveLength(1)
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(hearth.inputsOf('conversations.regenerate')).toHaveLength(1)
  })

  // Both ways out began from nothing, and what was there stood for a failure that no later question knew of.
  it('that failed midway is gone on with, by the same model or another', async () => {
    show({ state: 'failed', content: 'Half', problem: problem('engine-crashed') })
    expect(screen.getByText('Half')).toBeTruthy()
    expect(screen.getAllByRole('button', { name: 'Continue' })).toHaveLength(1)
    await userEvent.click(screen.getByRole('button', { name: 'Continue' }))
    expect(hearth.inputsOf('conversations.continue')).toEqual([{ messageId: 'a', model: 'hearth-demo' }])
    expect(screen.getByRole('button', { name: 'Answer again' })).toBeTruthy()
  })

  it('that failed midway for want of its model is gone on with by the one that is chosen', async () => {
    show({ state: 'failed', content: 'Half', problem: problem('model-not-found') })
    await userEvent.click(screen.getByRole('button', { name: 'Choose another model' }))
    act(() => useModels.getState().afterPick?.('gemma3:4b'))
    await expect.poll(() => hearth.inputsOf('conversations.continue')).toEqual([{ messageId: 'a', model: 'gemma3:4b' }])
    expect(hearth.inputsOf('conversations.regenerate')).toEqual([])
  })

  // Another answer was taken for its question, or a false reason given.
  it('whose question was deleted says why it is not answered again', async () => {
    show({ parentId: null, content: 'Paris.' })
    await userEvent.click(screen.getByRole('button', { name: 'Answer again' }))
    expect(screen.getByText('The question of this answer was deleted. Ask again below.')).toBeTruthy()
    expect(hearth.inputsOf('conversations.regenerate')).toEqual([])
  })

  it('keeps the machine’s words behind details', () => {
    show({ state: 'failed', problem: { ...problem('internal'), details: 'stack' } })
    const details = screen.getByText('Details').closest('details')
    expect(details?.open).toBe(false)
    expect(details?.textContent).toContain('stack')
  })

  it('walks through its versions', async () => {
    show({ content: 'two', versions: ['old', 'a', 'new'] })
    expect(screen.getByRole('group', { name: 'Version 2 of 3' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Previous version' }))
    await userEvent.click(screen.getByRole('button', { name: 'Next version' }))
    expect(hearth.inputsOf('conversations.selectVersion')).toEqual([{ messageId: 'old' }, { messageId: 'new' }])
  })

  it('has no way beyond its first and last version', () => {
    show({ content: 'one', versions: ['a', 'new'] })
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Previous version' }).disabled).toBe(true)
  })
})

describe('a question', () => {
  it('is shown as it was written, and never as markdown or HTML', () => {
    const page = stage(
      <Question message={aMessage({ id: 'q', role: 'user', content: '**a** <b>b</b>\n  c' })} />,
    ).container
    expect(page.querySelector('b, strong')).toBeNull()
    expect(page.textContent).toContain('**a** <b>b</b>\n  c')
  })

  it('that is very long is folded, and opens', async () => {
    const page = stage(
      <Question message={aMessage({ id: 'q', role: 'user', content: 'word '.repeat(2000) })} />,
    ).container
    expect(page.textContent?.length).toBeLessThan(3000)
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }))
    expect(page.textContent?.length).toBeGreaterThan(9000)
  })

  it('is edited into another version: it is sent below the same parent', async () => {
    stage(<Question message={aMessage({ id: 'q', role: 'user', parentId: 'before', content: 'capital of Frence?' })} />)
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    const field = await screen.findByRole('textbox', { name: 'Edit your question' })
    expect(document.activeElement).toBe(field)
    await userEvent.clear(field)
    await userEvent.type(field, 'capital of France?{Enter}')
    expect(hearth.inputsOf('conversations.send')).toEqual([
      {
        conversationId: 'c',
        parentId: 'before',
        content: 'capital of France?',
        model: 'hearth-demo',
        fromDraft: true,
        editedId: 'q',
      },
    ])
    await expect.poll(() => screen.queryByRole('textbox')).toBeNull()
  })

  it('stays as it was when editing is left with Escape', async () => {
    stage(<Question message={aMessage({ id: 'q', role: 'user', content: 'as it was' })} />)
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await userEvent.type(await screen.findByRole('textbox'), ' not{Escape}')
    expect(await screen.findByText('as it was')).toBeTruthy()
    expect(hearth.inputsOf('conversations.send')).toEqual([])
  })
})

describe('a screen reader', () => {
  const writing = aMessage({ id: 'r', state: 'streaming', content: 'Par' })
  const tell = (message: Message) =>
    act(async () => {
      hearth.emit('conversations.watch', { type: 'message', message })
      await settle(300)
    })
  const heard = (page: Element) => page.querySelector('[aria-live=polite]')?.textContent

  it('is told a finished answer once, and none of the tokens before', async () => {
    const page = stage(<Announcer />).container
    await tell(writing)
    await tell({ ...writing, content: 'Paris' })
    expect(heard(page)).toBe('Working on it')
    await tell({ ...writing, content: 'Paris.', state: 'complete' })
    expect(heard(page)).toBe('Answer finished. Paris.')
  })

  it('is not told the old answers of a chat that is opened', async () => {
    const page = stage(<Announcer />).container
    await tell({ ...writing, state: 'complete' })
    expect(heard(page)).toBe('')
  })
})
