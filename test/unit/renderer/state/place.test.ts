import { describe, expect, it } from 'vitest'
import { hashOf, type Place, placeFrom } from '../../../../renderer/state/place.ts'

describe('a place', () => {
  it.each<Place>([
    { kind: 'chat', conversationId: null },
    { kind: 'chat', conversationId: '01J/ä?#' },
    { kind: 'models' },
    { kind: 'models', view: 'create' },
    { kind: 'settings' },
  ])('%j comes back from the address after a reload', place => expect(placeFrom(hashOf(place))).toEqual(place))

  // A page that was sent to take what main has, and then loaded again.
  it.each(['', '#/open/3', '#', '#/', '#/nowhere', '#/chat/', '#/chat//', '#%%%', '#/chat/%E0%A4%A'])(
    '%j is a new chat',
    hash => {
      expect(placeFrom(hash)).toEqual({ kind: 'chat', conversationId: null })
    },
  )
})
