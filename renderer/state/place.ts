import { create } from 'zustand'

/** Where the window is. It stands in the address, so a reload comes back to it. */
export type Place =
  | { kind: 'chat'; conversationId: string | null }
  | { kind: 'forms'; formId: string | null }
  | { kind: 'models' }
  | { kind: 'trash' }
  | { kind: 'server' }
  | { kind: 'settings' }

const newChat: Place = { kind: 'chat', conversationId: null }

export function placeFrom(hash: string): Place {
  const [kind, id] = hash.replace(/^#\/?/, '').split('/')
  if (kind === 'settings' || kind === 'models' || kind === 'server' || kind === 'trash') return { kind }
  if (kind === 'forms') return { kind, formId: id ? decoded(id) : null }
  return kind === 'chat' && id ? { kind: 'chat', conversationId: decoded(id) } : newChat
}

/** Null for what no window of ours has written. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

export function hashOf(place: Place): string {
  if (place.kind !== 'chat' && place.kind !== 'forms') return `#/${place.kind}`
  const id = place.kind === 'chat' ? place.conversationId : place.formId
  return id === null ? `#/${place.kind}` : `#/${place.kind}/${encodeURIComponent(id)}`
}

export const usePlace = create<{ place: Place }>(() => ({ place: newChat }))

/** Follows the address; call once. */
export function followAddress(): void {
  const read = () => usePlace.setState({ place: placeFrom(location.hash) })
  window.addEventListener('hashchange', read)
  window.addEventListener('popstate', read)
  read()
}

/** Goes there; `replace` leaves no way back to where the window is now. */
export function go(place: Place, { replace = false } = {}): void {
  usePlace.setState({ place })
  if (location.hash === hashOf(place)) return
  if (replace) history.replaceState(null, '', hashOf(place))
  else history.pushState(null, '', hashOf(place))
}

/** The conversation in front of the person; null for a new one or another place. */
export const openConversationId = (place: Place) => (place.kind === 'chat' ? place.conversationId : null)
