import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GenerateEvent } from '../../../main/engine/engine.ts'
import { EventStream } from '../../../main/engine/event-stream.ts'
import { acknowledgeEvery, eventWindow } from '../../../main/engine/protocol.ts'

const text = (text: string): GenerateEvent => ({ type: 'text', text })

const streamOf = (acknowledge: (events: number) => void = () => {}) => new EventStream(acknowledge, 1000, () => {})

describe('EventStream', () => {
  it('hands events out in order, whether the reader or the event comes first', async () => {
    const stream = streamOf()
    stream.push([text('a'), text('b')])
    stream.push([text('c')])
    expect(await stream.take()).toEqual([text('a'), text('b'), text('c')])
    const waiting = stream.take()
    stream.push([text('d')])
    expect(await waiting).toEqual([text('d')])
  })

  it('acknowledges what was read and never more, or the engine would run ahead without bound', async () => {
    const acknowledged: number[] = []
    const stream = streamOf(events => acknowledged.push(events))
    for (let taken = 0; taken < acknowledgeEvery * 2 - 1; taken++) {
      stream.push([text('x')])
      await stream.take()
    }
    expect(acknowledged).toEqual([acknowledgeEvery])
    stream.push([text('x'), text('x')])
    expect(acknowledged).toEqual([acknowledgeEvery])
    await stream.take()
    expect(acknowledged).toEqual([acknowledgeEvery, acknowledgeEvery + 1])
  })

  // One who reads slowly but steadily had to read a whole window in its time, and was given up.
  it('hands out no more at once than it acknowledges at once, and all of it in order', async () => {
    const events = Array.from({ length: eventWindow }, (_, index) => text(`${index}`))
    const acknowledged: number[] = []
    const stream = streamOf(count => acknowledged.push(count))
    stream.push(events)
    const taken: GenerateEvent[] = []
    while (taken.length < eventWindow) {
      taken.push(...(await stream.take()))
      expect(acknowledged).toHaveLength(taken.length / acknowledgeEvery)
    }
    expect(taken).toEqual(events)
  })

  it('gives what arrived before a crash, then the crash', async () => {
    const stream = streamOf()
    stream.push([text('saved')])
    stream.fail(new Error('died'))
    expect(await stream.take()).toEqual([text('saved')])
    await expect(stream.take()).rejects.toThrow('died')
    await expect(stream.take()).rejects.toThrow('died')
  })

  it('wakes a waiting reader when the engine dies', async () => {
    const stream = streamOf()
    const waiting = stream.take()
    stream.fail(new Error('died'))
    await expect(waiting).rejects.toThrow('died')
  })

  it('drops unread events when aborted: a person who pressed stop sees no more text', async () => {
    const stream = streamOf()
    stream.push([text('late')])
    stream.abort(new Error('aborted'))
    await expect(stream.take()).rejects.toThrow('aborted')
  })
})

describe('EventStream whose engine waits for the reader', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const full = () => {
    const onGivenUp = vi.fn()
    const stream = new EventStream(() => {}, 1000, onGivenUp)
    stream.push(Array.from({ length: eventWindow }, () => text('x')))
    return { stream, onGivenUp }
  }

  it('gives up who takes nothing, or the slot would be held as long as the connection', () => {
    const { onGivenUp } = full()
    vi.advanceTimersByTime(999)
    expect(onGivenUp).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onGivenUp).toHaveBeenCalledOnce()
  })

  it('waits for who reads, however slowly', async () => {
    const { stream, onGivenUp } = full()
    for (let window = 0; window < 5; window++) {
      vi.advanceTimersByTime(900)
      await stream.take()
      stream.push(Array.from({ length: eventWindow }, () => text('x')))
    }
    expect(onGivenUp).not.toHaveBeenCalled()
  })

  it.each<[string, (stream: EventStream) => unknown]>([
    ['the engine has more room', stream => stream.take()],
    ['all has been said', stream => stream.push([{ type: 'end' } as GenerateEvent])],
    ['it failed', stream => stream.fail(new Error('died'))],
    ['it was aborted', stream => stream.abort(new Error('stopped'))],
    ['it is closed', stream => stream.close()],
  ])('waits no longer once %s', async (_, change) => {
    const { stream, onGivenUp } = full()
    await change(stream)
    vi.advanceTimersByTime(5000)
    expect(onGivenUp).not.toHaveBeenCalled()
  })

  it('does not hurry who is behind by less than a window: nothing waits for him', () => {
    const onGivenUp = vi.fn()
    new EventStream(() => {}, 1000, onGivenUp).push(Array.from({ length: eventWindow - 1 }, () => text('x')))
    vi.advanceTimersByTime(5000)
    expect(onGivenUp).not.toHaveBeenCalled()
  })
})
