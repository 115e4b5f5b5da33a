import type { Conversation } from '../../../../preload/contract.ts'
import { fold } from '../../../../preload/contract-fold.ts'

/** The chats whose title holds every word of a query, as the search in the sidebar compares words. */
export function matchingChats(chats: readonly Conversation[], query: string): readonly Conversation[] {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return chats.filter(({ title }) => {
    const folded = fold(title)
    return words.every(word => folded.includes(word))
  })
}
