// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openConversation, useChat } from '../../../../renderer/features/chat/chat-store.ts'
import { MessageList } from '../../../../renderer/features/chat/message-list.tsx'
import { highlight } from '../../../../renderer/ui/markdown/highlight.ts'
import { MarkdownLink } from '../../../../renderer/ui/markdown/links.tsx'
import { aConversation, aMessage, type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// Every commit, by the hook that React's developer tools use: also those that change nothing in the page.
const counted = vi.hoisted(() => {
  const counted = { commits: 0 }
  const onCommitFiberRoot = () => {
    counted.commits += 1
  }
  const rest = { supportsFiber: true, inject: () => 1, onCommitFiberUnmount: () => {}, onPostCommitFiberRoot: () => {} }
  Object.assign(globalThis, { __REACT_DEVTOOLS_GLOBAL_HOOK__: { ...rest, onCommitFiberRoot } })
  return counted
})

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

/** The page has no layout of its own: a box of 600 pixels, its content, and one row that grows. */
const page = { height: 900, last: 500 }
const observers = new Set<ObservedSizes>()

class ObservedSizes implements ResizeObserver {
  readonly #elements = new Set<Element>()
  readonly #callback: ResizeObserverCallback
  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback
    observers.add(this)
  }
  observe = (element: Element) => void this.#elements.add(element)
  unobserve = (element: Element) => void this.#elements.delete(element)
  disconnect = () => void observers.delete(this)
  tell() {
    const entries = [...this.#elements].map(target => {
      const blockSize = (target as HTMLElement).dataset.message === 'a2' ? page.last : 100
      return { target, borderBoxSize: [{ blockSize, inlineSize: 700 }] } as unknown as ResizeObserverEntry
    })
    this.#callback(entries, this)
  }
}

const delta = (content: string) =>
  hearth.emit('conversations.watch', { type: 'delta', messageId: 'a2', content, thinking: '' })

/**
 * A frame of the browser: what was to be drawn, then the sizes that came of it, then the scrolling that those led to.
 */
async function frame() {
  await act(async () => {
    const due = frames
    frames = []
    for (const callback of due) callback(performance.now())
  })
  page.height += 24
  page.last += 24
  await act(async () => {
    for (const observer of observers) observer.tell()
  })
  const box = document.querySelector('[role=log]')?.parentElement
  await act(async () => void box?.dispatchEvent(new Event('scroll')))
}

const timesDrawn = (address: string) => drawnLinks.mock.calls.filter(([props]) => props.href === address).length

// Loading the highlighter takes a slow machine its time, which is not what this is about.
beforeAll(async () => void (await highlight('let a = 1', 'js', false)))

beforeEach(async () => {
  frames = []
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => {})
  vi.stubGlobal('ResizeObserver', ObservedSizes)
  observers.clear()
  Object.assign(page, { height: 900, last: 500 })
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(() => page.height)
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
  stage(<MessageList />)
  await frame()
  // What is left out while a chat is being opened.
  await screen.findAllByRole('toolbar')
})

describe('while an answer is written', () => {
  it('a frame makes at most one commit, however many events it brings', async () => {
    for (let each = 0; each < 10; each++) {
      for (let token = 0; token < 50; token++) delta(`word${token} `)
      const before = counted.commits
      await frame()
      expect(counted.commits - before).toBe(1)
    }
    expect(useChat.getState().thread.messages[3]?.content.split(' ')).toHaveLength(501)
  })

  it('no frame without news makes a commit', async () => {
    delta('one')
    await frame()
    const before = counted.commits
    await frame()
    expect(counted.commits).toBe(before)
  })

  it('code that grows makes no commit of its own when its colours arrive', async () => {
    delta('```js\nlet a = 1\n')
    await frame()
    for (let line = 0; line < 20; line++) {
      delta(`let b${line} = 2\n`)
      await frame()
      const before = counted.commits
      await act(() => new Promise(resolve => setTimeout(resolve, 20)))
      expect(counted.commits).toBe(before)
    }
  })

  it('the colours of code that has just ended come with what is written after it', async () => {
    delta('```js\nlet c = 1\n```\n\n')
    await frame()
    await act(() => new Promise(resolve => setTimeout(resolve, 50)))
    expect(document.querySelectorAll('code span span')).toHaveLength(0)
    delta('And')
    const before = counted.commits
    await frame()
    expect(counted.commits - before).toBe(1)
    expect(document.querySelectorAll('code span span').length).toBeGreaterThan(4)
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
