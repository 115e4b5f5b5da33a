import { describe, expect, it } from 'vitest'
import { applyEvent, emptyThread, replyInFlight, type Thread } from '../../../../renderer/features/chat/thread.ts'
import { aConversation, aMessage } from '../fake-hearth.ts'

const question = aMessage({ id: 'q', role: 'user', content: 'What is the capital of France?' })
const waiting = aMessage({ id: 'a', parentId: 'q', state: 'waiting', wait: { for: 'model', fraction: 0.9 } })
const thread: Thread = { ...emptyThread, conversation: aConversation({ id: 'c' }), messages: [question, waiting] }

describe('a thread', () => {
  it('appends a delta to its message and leaves every other object alone, or all messages would be drawn again', () => {
    const once = applyEvent(thread, { type: 'delta', messageId: 'a', content: 'Par', thinking: '' })
    const twice = applyEvent(once, { type: 'delta', messageId: 'a', content: 'is', thinking: 'hm' })
    expect(twice.messages[1]).toMatchObject({ content: 'Paris', thinking: 'hm', state: 'streaming', wait: null })
    expect(twice.messages[0]).toBe(question)
  })

  it('ignores a delta for a message that is not on the shown path', () => {
    expect(applyEvent(thread, { type: 'delta', messageId: 'elsewhere', content: 'x', thinking: '' }).messages).toBe(
      thread.messages,
    )
  })

  it('replaces a message by its id, so that a finished reply does not stand beside its unfinished self', () => {
    const done = { ...waiting, state: 'complete' as const, content: 'Paris' }
    expect(applyEvent(thread, { type: 'message', message: done }).messages).toEqual([question, done])
  })

  it('puts a new message at the end', () => {
    const next = aMessage({ id: 'q2', parentId: 'a', role: 'user', content: 'And of Italy?' })
    expect(applyEvent(thread, { type: 'message', message: next }).messages.at(-1)).toBe(next)
  })

  it('takes another path whole, and keeps the objects of what is the same on both', () => {
    const other = aMessage({ id: 'a2', parentId: 'q', content: 'It is Paris.', versions: ['a', 'a2'] })
    const after = applyEvent(thread, {
      type: 'all',
      conversation: aConversation({ id: 'c' }),
      messages: [structuredClone(question), other],
    })
    expect(after.messages[0]).toBe(question)
    expect(after.messages[1]).toBe(other)
  })

  it('takes a changed message of a whole picture, even when only its versions changed', () => {
    const more = { ...question, versions: ['q', 'q2'] }
    const after = applyEvent(thread, { type: 'all', conversation: aConversation({ id: 'c' }), messages: [more] })
    expect(after.messages).toEqual([more])
  })

  it('comes back when a deletion is undone', () => {
    const gone = applyEvent(thread, { type: 'removed' })
    expect(gone.removed).toBe(true)
    const back = applyEvent(gone, { type: 'all', conversation: aConversation({ id: 'c' }), messages: [question] })
    expect(back.removed).toBe(false)
  })

  describe('of a long chat, which is told from its end', () => {
    const long = Array.from({ length: 6 }, (_, n) => aMessage({ id: `${n}`, content: `Message ${n}` }))
    const conversation = aConversation({ id: 'c' })
    const end = { type: 'end' as const, conversation, messages: structuredClone(long.slice(4)) }
    const middle = { type: 'earlier' as const, before: '4', messages: structuredClone(long.slice(2, 4)), left: 2 }
    const beginning = { type: 'earlier' as const, before: '2', messages: structuredClone(long.slice(0, 2)), left: 0 }
    const next = aMessage({ id: '6', content: 'Message 6' })

    it('puts what came earlier before it, and knows when it is whole', () => {
      const opened = applyEvent(emptyThread, end)
      const half = applyEvent(applyEvent(opened, middle), { type: 'message', message: next })
      expect([opened.incomplete, half.incomplete]).toEqual([true, true])
      const whole = applyEvent(half, beginning)
      expect(whole).toMatchObject({ messages: [...long, next], incomplete: false })
    })

    it('keeps what a window has that had fallen behind, which would else leap to the end', () => {
      let told: Thread = { ...thread, messages: long }
      for (const event of [end, middle, beginning]) {
        told = applyEvent(told, event)
        expect(told.messages).toHaveLength(long.length)
        expect(told.messages.every((message, index) => message === long[index])).toBe(true)
      }
    })

    // Two rows of one key are never drawn right again.
    it('shows no message twice where one was deleted meanwhile', () => {
      const before = [...long.slice(0, 4), aMessage({ id: 'deleted' }), ...long.slice(4)]
      const half = [
        { ...end, messages: long.slice(5) },
        { ...middle, before: '5', messages: long.slice(2, 5) },
      ]
      const told = half.reduce(applyEvent, { ...thread, messages: before } as Thread)
      expect(told.messages.map(({ id }) => id)).toEqual(long.map(({ id }) => id))
    })

    it('takes another beginning, as a version shown meanwhile has made', () => {
      const stale = [aMessage({ id: 'old' }), aMessage({ id: 'older' }), aMessage({ id: 'x' }), ...long.slice(2)]
      const told = [end, middle, beginning].reduce(applyEvent, { ...thread, messages: stale })
      expect(told.messages.map(({ id }) => id)).toEqual(long.map(({ id }) => id))
    })
  })

  it('knows the reply that is being written', () => {
    expect(replyInFlight(thread.messages)?.id).toBe('a')
    expect(replyInFlight([question])).toBeUndefined()
    expect(replyInFlight(emptyThread.messages)).toBeUndefined()
  })
})
