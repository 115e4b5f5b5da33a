import { describe, expect, it } from 'vitest'
import { applyListEvent } from '../../../../renderer/state/conversations.ts'
import { aConversation } from '../fake-hearth.ts'

const list = [30, 20, 10].map(updatedAt => aConversation({ id: String(updatedAt), updatedAt }))

describe('the list of conversations', () => {
  it('puts one that changed where its time belongs, once', () => {
    const changed = aConversation({ id: '10', title: 'Again', updatedAt: 40 })
    expect(applyListEvent(list, { type: 'changed', conversation: changed }).map(({ id }) => id)).toEqual([
      '10',
      '30',
      '20',
    ])
  })

  it('keeps the place of one that was only renamed', () => {
    const renamed = { ...list[1]!, title: 'Other' }
    expect(applyListEvent(list, { type: 'changed', conversation: renamed })[1]).toBe(renamed)
  })

  it('puts a restored old one at the end', () => {
    const old = aConversation({ id: 'old', updatedAt: 1 })
    expect(applyListEvent(list, { type: 'changed', conversation: old }).at(-1)).toBe(old)
  })

  it('forgets a removed one, and minds no unknown one', () => {
    expect(applyListEvent(list, { type: 'removed', conversationId: '20' })).toHaveLength(2)
    expect(applyListEvent(list, { type: 'removed', conversationId: 'x' })).toHaveLength(3)
  })
})
