// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { Profiler } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '../../../../preload/contract.ts'
import { Answer } from '../../../../renderer/features/chat/answer.tsx'
import { openConversation, useChat } from '../../../../renderer/features/chat/chat-store.ts'
import { Question } from '../../../../renderer/features/chat/question.tsx'
import { MarkdownLink } from '../../../../renderer/ui/markdown/links.tsx'
import { aConversation, aMessage, type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// Counted, and otherwise itself: a link in a block tells each time its block is drawn.
vi.mock(import('../../../../renderer/ui/markdown/links.tsx'), async original => {
  const real = await original()
  return { ...real, MarkdownLink: vi.fn(real.MarkdownLink) }
})
const drawnLinks = vi.mocked(MarkdownLink)

const question = aMessage({ id: 'q', role: 'user', content: 'Why?' })
const settled = aMessage({ id: 'a', parentId: 'q', content: 'See [settled](https://example.org/settled).' })
const next = aMessage({ id: 'q2', parentId: 'a', role: 'user', content: 'And then?' })
const writing = aMessage({ id: 'a2', parentId: 'q2', state: 'waiting' })

let frames: FrameRequestCallback[] = []
let hearth: FakeHearth
let commits = 0

/** The thread as the list draws it, without the list's hiding of what is out of sight: a test's page has no sizes. */
function Messages() {
  const messages = useChat(state => state.thread.messages)
  return messages.map((message: Message) =>
    message.role === 'user' ? (
      <Question key={message.id} message={message} />
    ) : (
      <Answer key={message.id} message={message} last={message.id === messages.at(-1)?.id} />
    ),
  )
}

const delta = (content: string) =>
  hearth.emit('conversations.watch', { type: 'delta', messageId: 'a2', content, thinking: '' })

const frame = () =>
  act(async () => {
    const due = frames
    frames = []
    for (const callback of due) callback(performance.now())
  })

const timesDrawn = (address: string) => drawnLinks.mock.calls.filter(([props]) => props.href === address).length

beforeEach(async () => {
  frames = []
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => {})
  // Time stands still, or a slow machine would leave out frames, which frame-queue.test.ts is about.
  vi.spyOn(performance, 'now').mockReturnValue(1)
  hearth = installHearth()
  openConversation('c')
  hearth.emit('conversations.watch', {
    type: 'all',
    conversation: aConversation({ id: 'c' }),
    messages: [question, settled, next, writing],
  })
  drawnLinks.mockClear()
  stage(
    <Profiler id="messages" onRender={() => (commits += 1)}>
      <Messages />
    </Profiler>,
  )
  commits = 0
})

describe('while an answer is written', () => {
  it('a frame makes at most one commit, however many events it brings', async () => {
    for (let each = 0; each < 10; each++) {
      for (let token = 0; token < 50; token++) delta(`word${token} `)
      const before = commits
      await frame()
      expect(commits - before).toBe(1)
    }
    expect(useChat.getState().thread.messages[3]?.content.split(' ')).toHaveLength(501)
  })

  it('no frame without news makes a commit', async () => {
    delta('one')
    await frame()
    const before = commits
    await frame()
    expect(commits).toBe(before)
  })

  it('code that grows makes no commit of its own when its colours arrive', async () => {
    delta('```js\nlet a = 1\n')
    await frame()
    for (let line = 0; line < 20; line++) {
      delta(`let b${line} = 2\n`)
      await frame()
      const before = commits
      await act(() => new Promise(resolve => setTimeout(resolve, 20)))
      expect(commits).toBe(before)
    }
  })

  it('a block that is settled is not drawn again, nor is any other message', async () => {
    const links = ['first', 'second', 'third']
    for (const link of links) delta(`A paragraph with a [${link}](https://example.org/${link}).\n\n`)
    await frame()
    delta('Now ')
    await frame()
    drawnLinks.mockClear()
    for (let token = 0; token < 100; token++) {
      delta(`and on `)
      await frame()
    }
    for (const link of links) expect(timesDrawn(`https://example.org/${link}`)).toBe(0)
    expect(timesDrawn('https://example.org/settled')).toBe(0)
  })

  it('and the counting works: the block that grows is drawn each frame', async () => {
    delta('[live](https://example.org/live) ')
    await frame()
    drawnLinks.mockClear()
    for (let token = 0; token < 5; token++) {
      delta('and on ')
      await frame()
    }
    expect(timesDrawn('https://example.org/live')).toBe(5)
  })

  it('the last event of a reply draws its settled blocks no more', async () => {
    delta('With a [link](https://example.org/link).\n\nThe end')
    await frame()
    drawnLinks.mockClear()
    const done = { ...useChat.getState().thread.messages[3]!, state: 'complete' as const }
    hearth.emit('conversations.watch', { type: 'message', message: done })
    await frame()
    expect(useChat.getState().thread.messages[3]?.state).toBe('complete')
    expect(timesDrawn('https://example.org/link')).toBe(0)
  })
})
