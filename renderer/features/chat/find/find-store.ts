import { create } from 'zustand'
import type { Message } from '../../../../preload/contract.ts'
import { fold } from '../../../../preload/contract-fold.ts'
import { plainText } from '../../../../preload/contract-plain-text.ts'
import { useChat } from '../chat-store.ts'
import { countOf } from './places.ts'

/** A message that holds what is looked for. */
interface Hit {
  readonly messageId: string
  /** How often. */
  readonly count: number
}

interface FindState {
  readonly open: boolean
  /** As typed. */
  readonly query: string
  /** In the order of the chat. */
  readonly hits: readonly Hit[]
  /** All places together. */
  readonly total: number
  /** The place the person is at, counted through the whole chat. */
  readonly at: number
}

const nothing = { hits: [], total: 0, at: 0 }

export const useFind = create<FindState>(() => ({ open: false, query: '', ...nothing }))

/** A place: in which message, and the how manieth there. */
export interface FoundPlace {
  readonly messageId: string
  readonly nth: number
}

/** The place the person is at. */
export function placeOf({ hits, at }: Pick<FindState, 'hits' | 'at'>): FoundPlace | undefined {
  let left = at
  for (const { messageId, count } of hits) {
    if (left < count) return { messageId, nth: left }
    left -= count
  }
  return undefined
}

export function closeFind(): void {
  look += 1
  beginning = undefined
  useFind.setState({ open: false, ...nothing })
}

/**
 * Looks for what is typed in the messages shown.
 * @param from the message in sight: the first place is there or after it
 */
export async function find(query: string, from: string | undefined): Promise<void> {
  useFind.setState({ query })
  await search(hits => {
    const { messages } = useChat.getState().thread
    const order = new Map(messages.map(({ id }, index) => [id, index]))
    const first = order.get(from ?? '') ?? 0
    const before = hits.filter(({ messageId }) => (order.get(messageId) ?? 0) < first)
    const skipped = totalOf(before)
    return skipped < totalOf(hits) ? skipped : 0
  })
}

/** The messages have changed: the person stays at the same place as far as it is there. */
export async function findAgain(): Promise<void> {
  const before = placeOf(useFind.getState())
  const stay = (hits: readonly Hit[]) => {
    const index = hits.findIndex(({ messageId }) => messageId === before?.messageId)
    const at = totalOf(hits.slice(0, Math.max(0, index))) + (index < 0 ? 0 : (before?.nth ?? 0))
    return Math.min(at, Math.max(0, totalOf(hits) - 1))
  }
  // A long chat still comes while it is looked through: nothing was found yet to stay at.
  await search(beginning ?? stay)
}

/** Goes to the next place, or back to the one before; after the last comes the first. */
export function step(by: 1 | -1): void {
  useFind.setState(({ at, total }) => ({ at: total === 0 ? 0 : (at + by + total) % total }))
}

/** Milliseconds of work in one go, so that typing stays quick beside a chat of ten thousand messages. */
const turn = 8

/** Counts what is looked for, so that a slow look does not show what an earlier one has found. */
let look = 0
/** Where the look that is going on will begin, of all that it finds. */
let beginning: ((hits: readonly Hit[]) => number) | undefined
const foldedTexts = new WeakMap<Message, string>()

async function search(start: (hits: readonly Hit[]) => number): Promise<void> {
  look += 1
  const own = look
  beginning = start
  const word = fold(useFind.getState().query)
  const hits: Hit[] = []
  if (word !== '') {
    let end = performance.now() + turn
    for (const message of useChat.getState().thread.messages) {
      const count = message.role === 'system' ? 0 : countOf(word, foldedText(message))
      if (count > 0) hits.push({ messageId: message.id, count })
      if (performance.now() < end) continue
      await new Promise(resolve => setTimeout(resolve))
      if (own !== look) return
      end = performance.now() + turn
    }
  }
  beginning = undefined
  useFind.setState({ hits, total: totalOf(hits), at: start(hits) })
}

function foldedText(message: Message): string {
  const known = foldedTexts.get(message)
  if (known !== undefined) return known
  // Questions are drawn as they were written, answers without the marks of their Markdown.
  const folded = fold(message.role === 'assistant' ? plainText(message.content) : message.content)
  foldedTexts.set(message, folded)
  return folded
}

const totalOf = (hits: readonly Hit[]): number => hits.reduce((sum, { count }) => sum + count, 0)
