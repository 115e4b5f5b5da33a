import type { Conversation } from '../../../preload/contract.ts'

/** Conversations of one stretch of time, newest first. */
export interface DateGroup {
  /** A stretch with a name of its own, or `month`, which is named by its date. */
  readonly kind: 'today' | 'yesterday' | 'thisWeek' | 'thisMonth' | 'month'
  /** A moment inside it, in milliseconds. */
  readonly time: number
  readonly conversations: readonly Conversation[]
}

/**
 * Groups a list that is sorted newest first by the calendar of the person's time zone. Weeks begin on Monday.
 * @param now milliseconds since 1970
 */
export function groupByDate(conversations: readonly Conversation[], now: number): DateGroup[] {
  const today = new Date(now)
  today.setHours(0, 0, 0, 0)
  const yesterday = new Date(today)
  yesterday.setDate(today.getDate() - 1)
  const monday = new Date(today)
  monday.setDate(today.getDate() - ((today.getDay() + 6) % 7))
  const first = new Date(today)
  first.setDate(1)

  const kindOf = (time: number): DateGroup['kind'] => {
    // A clock that was set back makes times from the future: they are today's.
    if (time >= today.getTime()) return 'today'
    if (time >= yesterday.getTime()) return 'yesterday'
    if (time >= monday.getTime()) return 'thisWeek'
    if (time >= first.getTime()) return 'thisMonth'
    return 'month'
  }
  const nameOf = (time: number) => {
    const kind = kindOf(time)
    return kind === 'month' ? `${new Date(time).getFullYear()}-${new Date(time).getMonth()}` : kind
  }

  const groups: (DateGroup & { name: string; conversations: Conversation[] })[] = []
  for (const conversation of conversations) {
    const name = nameOf(conversation.updatedAt)
    const group = groups.at(-1)
    if (group?.name === name) group.conversations.push(conversation)
    else
      groups.push({
        name,
        kind: kindOf(conversation.updatedAt),
        time: conversation.updatedAt,
        conversations: [conversation],
      })
  }
  return groups
}
