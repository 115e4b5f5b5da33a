import { create } from 'zustand'
import type { CallOutput, ProblemInfo } from '../../../preload/contract.ts'
import { call, problemFrom } from '../../state/bridge.ts'
import { useConversations } from '../../state/conversations.ts'

type Found = CallOutput<'conversations.search'>

interface SearchState {
  /** As typed. */
  readonly query: string
  /** What was found for the query, or still for the one before it; null before the first answer. */
  readonly found: Found | null
  readonly problem: ProblemInfo | null
}

export const useSearch = create<SearchState>(() => ({ query: '', found: null, problem: null }))

/** Milliseconds without a key before main is asked. */
const pause = 100
/** Milliseconds after which it is looked again for what was not yet in the index. */
const again = 1_000
/** Messages of one answer: more than a sidebar shows at once. */
const page = 30
/** Messages that main gives at once. */
const most = 200

let timer: ReturnType<typeof setTimeout> | undefined
/** Counts what was asked, so that a late answer to an earlier query is not shown. */
let asked = 0

/** Takes what is typed, and searches once the person pauses. */
export function type(query: string): void {
  clearTimeout(timer)
  asked += 1
  if (query.trim() === '') useSearch.setState({ query, found: null, problem: null })
  else {
    useSearch.setState({ query })
    timer = setTimeout(() => void search(query), pause)
  }
}

/** Empties the field. */
export const clearSearch = (): void => type('')

/** Looks again when a chat is there that was not: what was taken out of the trash is found, too. @returns ends it */
export function followSearch(): () => void {
  return useConversations.subscribe(({ conversations }, { conversations: before }) => {
    const { query, found } = useSearch.getState()
    if (!found || !before || conversations === before) return
    const known = new Set(before.map(({ id }) => id))
    if (conversations?.some(({ id }) => !known.has(id))) void search(query, found)
  })
}

/** Adds the messages that follow those shown. */
export async function showMore(): Promise<void> {
  const { query, found } = useSearch.getState()
  if (!found?.next) return
  const turn = asked
  const more = await call('conversations.search', { query, before: found.next, limit: page })
  if (turn === asked) {
    useSearch.setState({ found: { ...more, titles: found.titles, messages: [...found.messages, ...more.messages] } })
  }
}

/**
 * @param shown what was found before, when it is looked again: it makes way for what is found now, unless the person
 * has asked for more of it, which is not to be taken from them
 */
async function search(query: string, shown?: Found): Promise<void> {
  if (!shown) asked += 1
  const turn = asked
  const wanted = () => turn === asked && (!shown || useSearch.getState().found === shown)
  try {
    const limit = Math.min(most, Math.max(page, shown?.messages.length ?? 0))
    const found = await call('conversations.search', { query, before: null, limit })
    if (!wanted()) return
    useSearch.setState({ found, problem: null })
    if (found.indexing) timer = setTimeout(() => void search(query, found), again)
  } catch (error) {
    if (wanted()) useSearch.setState({ found: null, problem: problemFrom(error) })
  }
}
