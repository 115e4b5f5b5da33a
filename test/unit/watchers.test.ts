import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Watchers } from '../../main/watchers.ts'

type Event = { type: 'all'; text: string } | { type: 'delta'; text: string } | { type: 'message' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watchersOf(state: { text: string; broken?: boolean }) {
  const failures: unknown[] = []
  const watchers = new Watchers<Event>({
    picture: () => {
      if (state.broken) throw new Error('locked')
      return { type: 'all', text: state.text }
    },
    failed: error => failures.push(error),
    join: (earlier, later) =>
      earlier.type === 'delta' && later.type === 'delta'
        ? { type: 'delta', text: earlier.text + later.text }
        : undefined,
  })
  const append = (text: string) => {
    state.text += text
    watchers.tellByFrame({ type: 'delta', text })
  }
  const listen = () => {
    const events: Event[] = []
    const end = watchers.add(event => events.push(event))
    return { events, end }
  }
  return { watchers, append, listen, failures }
}

/** What a window shows that draws the whole picture and appends the deltas. */
const shown = (events: Event[]) =>
  events.reduce(
    (text, event) => (event.type === 'all' ? event.text : event.type === 'delta' ? text + event.text : text),
    '',
  )

test('the first delta comes at once, the others at most once a frame', () => {
  const { append, listen } = watchersOf({ text: '' })
  const { events } = listen()
  append('a')
  expect(shown(events)).toBe('a')
  for (let ms = 0; ms < 160; ms += 1) {
    append('b')
    vi.advanceTimersByTime(1)
  }
  vi.advanceTimersByTime(16)
  expect(shown(events)).toBe(`a${'b'.repeat(160)}`)
  // 1 whole picture, 1 at once, then one in each of ten frames.
  expect(events.length).toBeLessThanOrEqual(13)
})

test('a window that comes in the middle misses nothing and gets nothing twice', () => {
  const state = { text: '' }
  const { append, listen } = watchersOf(state)
  const early = listen()
  append('a')
  append('b')
  const late = listen()
  append('c')
  vi.advanceTimersByTime(50)
  expect(shown(early.events)).toBe('abc')
  expect(shown(late.events)).toBe('abc')
})

test('a change of state comes after the text that was written before it', () => {
  const { watchers, append, listen } = watchersOf({ text: '' })
  const { events } = listen()
  append('a')
  append('b')
  watchers.tell({ type: 'message' })
  expect(events.map(({ type }) => type)).toEqual(['all', 'delta', 'delta', 'message'])
})

test('drawing anew drops no text and doubles none', () => {
  const { watchers, append, listen } = watchersOf({ text: '' })
  const { events } = listen()
  append('a')
  append('b')
  watchers.refresh()
  append('c')
  vi.advanceTimersByTime(50)
  expect(shown(events)).toBe('abc')
})

test('a picture that cannot be read is tried again, and until then nothing else is told', () => {
  const state = { text: '', broken: true }
  const { append, listen, failures } = watchersOf(state)
  const { events } = listen()
  append('a')
  vi.advanceTimersByTime(100)
  expect(events).toEqual([])
  state.broken = false
  vi.advanceTimersByTime(500)
  append('b')
  vi.advanceTimersByTime(50)
  expect(shown(events)).toBe('ab')
  expect(failures).toHaveLength(1)
})

test('after letting go nothing comes and no timer is left', () => {
  const { append, listen } = watchersOf({ text: '' })
  const { events, end } = listen()
  append('a')
  append('b')
  end()
  vi.advanceTimersByTime(1_000)
  expect(shown(events)).toBe('a')
  expect(vi.getTimerCount()).toBe(0)
  const broken = watchersOf({ text: '', broken: true })
  broken.listen().end()
  expect(vi.getTimerCount()).toBe(0)
})

test('a listener that lets go while it is being told does not disturb the others', () => {
  const { watchers } = watchersOf({ text: '' })
  const told: string[] = []
  const end = watchers.add(event => {
    told.push(`first ${event.type}`)
    if (event.type === 'message') end()
  })
  watchers.add(event => told.push(`second ${event.type}`))
  watchers.tell({ type: 'message' })
  watchers.tell({ type: 'message' })
  expect(told).toEqual(['first all', 'second all', 'first message', 'second message', 'second message'])
})

/** As a window that puts together what it is told: pieces from the end, then changes. */
function inPieces(texts: string[]) {
  const state = { locked: false, broken: false, mostTold: Number.POSITIVE_INFINITY }
  const failures: unknown[] = []
  const watchers = new Watchers<Event>({
    picture: () => {
      if (state.locked) throw new Error('locked')
      return { type: 'all', text: texts.join('') }
    },
    pieces: function* () {
      for (const text of texts) {
        if (state.broken) throw new Error('locked')
        yield { type: 'delta', text }
      }
    },
    failed: error => failures.push(error),
  })
  const told: string[] = []
  const end = watchers.add(event => {
    told.push('text' in event ? `${event.type} ${event.text}` : event.type)
    if (told.length === state.mostTold) end()
  })
  return { watchers, state, failures, told, end }
}

test('a newcomer gets the first piece at once, the others later, and what changes meanwhile in between', () => {
  const { watchers, told } = inPieces(['a', 'b', 'c'])
  expect(told).toEqual(['delta a'])
  watchers.tell({ type: 'message' })
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['delta a', 'message', 'delta b', 'delta c'])
})

test('what is told anew ends the telling of what was before, whose pieces would come over the new path', () => {
  const { watchers, told } = inPieces(['a', 'b'])
  watchers.refresh(() => [{ type: 'delta', text: 'c' } as const, { type: 'delta', text: 'd' } as const].values())
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['delta a', 'delta c', 'delta d'])
})

test('a piece that cannot be read is made good by the whole picture', () => {
  const { state, told, failures } = inPieces(['a', 'b'])
  state.broken = true
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['delta a', 'all ab'])
  expect(failures).toHaveLength(1)
})

test('who lets go in the middle of the pieces gets no more', () => {
  const { told, end } = inPieces(['a', 'b'])
  end()
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['delta a'])
  expect(vi.getTimerCount()).toBe(0)
})

// A window that has fallen behind lets go while it is told: what comes after would be mixed with its next beginning.
test('who lets go of the pieces while told one gets no more', () => {
  const { state, told } = inPieces(['a', 'b', 'c', 'd'])
  state.mostTold = 2
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['delta a', 'delta b'])
  expect(vi.getTimerCount()).toBe(0)
})

test('pieces of an old path do not go on where the new one cannot be read yet', () => {
  const { watchers, state, told } = inPieces(['a', 'b'])
  state.broken = true
  watchers.refresh()
  vi.advanceTimersByTime(100)
  state.broken = false
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['delta a', 'all ab'])
})
