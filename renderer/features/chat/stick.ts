/** What a scrolling box shows, in pixels. */
export interface Sight {
  /** scrollTop */
  readonly top: number
  /** scrollHeight */
  readonly height: number
  /** clientHeight */
  readonly view: number
}

/** Pixels that count as being at the end: rounding, not distance. */
const close = 8

export const distanceToEnd = ({ top, height, view }: Sight) => Math.max(0, height - top - view)

/**
 * Whether the list still sticks to its end after a scroll. Upward movement lets go at once, however small; arriving at
 * the end takes hold again. A list that became shorter moves the top by itself, which is nobody's wish.
 */
export function sticks(before: Sight, now: Sight, stuck: boolean): boolean {
  if (now.top < before.top && now.height >= before.height) return false
  if (distanceToEnd(now) <= close) return true
  return stuck
}
