import { beforeEach, describe, expect, it } from 'vitest'
import type { GenerateEvent } from '../../../../main/engine/engine.ts'
import type { FromEngine } from '../../../../main/engine/protocol.ts'
import { Outbox } from '../../../../main/engine/runner/outbox.ts'

const text = (text: string): GenerateEvent => ({ type: 'text', text })
const end = { type: 'end' } as GenerateEvent

describe('Outbox', () => {
  let now: number
  let sent: FromEngine[]
  let outbox: Outbox

  beforeEach(() => {
    now = 0
    sent = []
    outbox = new Outbox(
      message => sent.push(message),
      () => now,
    )
  })

  it('sends the first event before the next batch', () => {
    outbox.add(7, text('a'))
    outbox.flush(0.3)
    expect(sent).toEqual([{ type: 'events', answers: [{ id: 7, events: [text('a')] }] }])
  })

  it("lets events that follow within 32 milliseconds share a message, in order, each answer's its own", () => {
    outbox.add(7, text('a'))
    outbox.add(8, text('A'))
    outbox.flush(0.3)
    for (const letter of 'bcd') {
      now += 0.3
      outbox.add(7, text(letter))
      outbox.add(8, text(letter.toUpperCase()))
      outbox.flush(0.3)
    }
    expect(sent).toHaveLength(1)
    now += 30.9
    outbox.flush(0.3)
    const [first, second] = ['bcd', 'BCD'].map(letters => [...letters].map(text))
    expect(sent.slice(1)).toEqual([
      {
        type: 'events',
        answers: [
          { id: 7, events: first },
          { id: 8, events: second },
        ],
      },
    ])
  })

  it('does not let an event wait for a batch that takes long', () => {
    outbox.add(7, text('a'))
    outbox.flush(0.3)
    outbox.add(7, text('b'))
    outbox.flush(40)
    expect(sent).toHaveLength(2)
  })

  // Of two who ask at once, the second waited for his first word as long as the other's next ones might.
  it('does not let the first words of an answer wait for those of another', () => {
    outbox.add(7, text('a'))
    outbox.flush(0.3)
    outbox.add(8, text('A'))
    outbox.flush(0.3)
    expect(sent[1]).toEqual({ type: 'events', answers: [{ id: 8, events: [text('A')] }] })
    outbox.add(8, text('B'))
    outbox.flush(0.3)
    expect(sent).toHaveLength(2)
  })

  it('sends the end without delay, behind what waits', () => {
    outbox.add(7, text('a'))
    outbox.flush(0.3)
    outbox.add(7, text('b'))
    outbox.add(7, end)
    outbox.flush(0.3)
    expect(sent[1]).toEqual({ type: 'events', answers: [{ id: 7, events: [text('b'), end] }] })
  })

  it('sends nothing of an answer that was dropped, and nothing twice', () => {
    outbox.add(7, text('a'))
    outbox.add(8, text('b'))
    outbox.drop(7)
    outbox.flush(Number.POSITIVE_INFINITY)
    outbox.flush(Number.POSITIVE_INFINITY)
    expect(sent).toEqual([{ type: 'events', answers: [{ id: 8, events: [text('b')] }] }])
  })
})
