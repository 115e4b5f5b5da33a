import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GenerateEvent } from '../../../../main/engine/engine.ts'
import { AnswerOutbox } from '../../../../main/engine/multimodal/answer-outbox.ts'
import { eventWindow, type FromEngine } from '../../../../main/engine/protocol.ts'

const text = (text: string): GenerateEvent => ({ type: 'text', text })
const end = { type: 'end' } as GenerateEvent

describe('Outbox', () => {
  let sent: FromEngine[]
  let full: boolean[]
  let outbox: AnswerOutbox

  beforeEach(() => {
    vi.useFakeTimers()
    sent = []
    full = []
    outbox = new AnswerOutbox(
      message => sent.push(message),
      7,
      state => full.push(state),
    )
  })
  afterEach(() => void vi.useRealTimers())

  const turn = () => vi.advanceTimersByTime(0)

  it('sends the first event at once, but not before the next batch is on its way', () => {
    outbox.add(text('a'))
    expect(sent).toEqual([])
    turn()
    expect(sent).toEqual([{ type: 'events', answers: [{ id: 7, events: [text('a')] }] }])
  })

  it('lets events that follow within two milliseconds share a message, in order', () => {
    outbox.add(text('a'))
    turn()
    for (const letter of 'bcd') outbox.add(text(letter))
    turn()
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(2)
    expect(sent[1]).toEqual({ type: 'events', answers: [{ id: 7, events: [text('b'), text('c'), text('d')] }] })
  })

  it('sends each event alone when they come slowly', () => {
    for (const letter of 'abc') {
      outbox.add(text(letter))
      vi.advanceTimersByTime(10)
    }
    expect(sent).toHaveLength(3)
  })

  it('sends the end without delay, behind what waits', () => {
    outbox.add(text('a'))
    turn()
    outbox.add(text('b'))
    outbox.add(end)
    turn()
    expect(sent[1]).toEqual({ type: 'events', answers: [{ id: 7, events: [text('b'), end] }] })
  })

  it('asks for a pause once the reader is a window behind, and for more once it catches up', () => {
    for (let count = 0; count < eventWindow; count++) outbox.add(text('x'))
    expect(full).toEqual([true])
    outbox.taken(eventWindow / 4)
    expect(full).toEqual([true, false])
  })

  it('sends nothing after it was dropped', () => {
    outbox.add(text('a'))
    outbox.dispose()
    vi.advanceTimersByTime(10)
    expect(sent).toEqual([])
    outbox.add(text('b'))
    turn()
    outbox.add(text('c'))
    outbox.dispose()
    vi.advanceTimersByTime(10)
    expect(sent).toHaveLength(1)
  })
})
