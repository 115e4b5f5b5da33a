import { create } from 'zustand'

/** The tabs of the place for models; what is on this computer is the first, and goes without saying. */
const modelsViews = ['discover', 'create'] as const
export type ModelsView = (typeof modelsViews)[number]

/** Where the window is. It stands in the address, so a reload comes back to it. */
export type Place =
  | { kind: 'chat'; conversationId: string | null }
  | { kind: 'forms'; formId: string | null }
  | { kind: 'models'; view?: ModelsView }
  | { kind: 'trash' }
  | { kind: 'server' }
  | { kind: 'settings' }

const newChat: Place = { kind: 'chat', conversationId: null }

export function placeFrom(hash: string): Place {
  const [kind, id] = hash.replace(/^#\/?/, '').split('/')
  if (kind === 'settings' || kind === 'server' || kind === 'trash') return { kind }
  if (kind === 'forms') return { kind, formId: id ? decoded(id) : null }
  if (kind === 'models') {
    const view = modelsViews.find(known => known === id)
    return view ? { kind, view } : { kind }
  }
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

/** What of a place stands behind its kind. */
function partOf(place: Place): string | null | undefined {
  if (place.kind === 'models') return place.view
  if (place.kind === 'forms') return place.formId
  return place.kind === 'chat' ? place.conversationId : null
}

export function hashOf(place: Place): string {
  const part = partOf(place)
  return part ? `#/${place.kind}/${encodeURIComponent(part)}` : `#/${place.kind}`
}

export const usePlace = create<{ place: Place }>(() => ({ place: newChat }))

/**
 * Follows the address; call once.
 * @param onOpening main has something for this window, at `#/open/…`: no place, so the window stays where it is
 */
export function followAddress(onOpening: () => void): void {
  const read = () => {
    if (!location.hash.startsWith('#/open/')) return usePlace.setState({ place: placeFrom(location.hash) })
    history.replaceState(null, '', hashOf(usePlace.getState().place))
    onOpening()
  }
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
