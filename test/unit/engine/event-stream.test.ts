import { describe, expect, it } from 'vitest'
import type { GenerateEvent } from '../../../main/engine/engine.ts'
import { EventStream } from '../../../main/engine/event-stream.ts'
import { acknowledgeEvery } from '../../../main/engine/protocol.ts'

const text = (text: string): GenerateEvent => ({ type: 'text', text })

describe('EventStream', () => {
  it('hands events out in order, whether the reader or the event comes first', async () => {
    const stream = new EventStream(() => {})
    stream.push([text('a'), text('b')])
    expect(await stream.take()).toEqual(text('a'))
    expect(await stream.take()).toEqual(text('b'))
    const waiting = stream.take()
    stream.push([text('c')])
    expect(await waiting).toEqual(text('c'))
  })

  it('acknowledges what was read and never more, or the engine would run ahead without bound', async () => {
    const acknowledged: number[] = []
    const stream = new EventStream(events => acknowledged.push(events))
    stream.push(Array.from({ length: acknowledgeEvery * 2 + 1 }, () => text('x')))
    expect(acknowledged).toEqual([])
    for (let taken = 0; taken < acknowledgeEvery * 2 + 1; taken++) await stream.take()
    expect(acknowledged).toEqual([acknowledgeEvery, acknowledgeEvery])
  })

  it('gives what arrived before a crash, then the crash', async () => {
    const stream = new EventStream(() => {})
    stream.push([text('saved')])
    stream.fail(new Error('died'))
    expect(await stream.take()).toEqual(text('saved'))
    await expect(stream.take()).rejects.toThrow('died')
    await expect(stream.take()).rejects.toThrow('died')
  })

  it('wakes a waiting reader when the engine dies', async () => {
    const stream = new EventStream(() => {})
    const waiting = stream.take()
    stream.fail(new Error('died'))
    await expect(waiting).rejects.toThrow('died')
  })

  it('drops unread events when aborted: a person who pressed stop sees no more text', async () => {
    const stream = new EventStream(() => {})
    stream.push([text('late')])
    stream.abort(new Error('aborted'))
    await expect(stream.take()).rejects.toThrow('aborted')
  })
})
