import { type RefObject, useEffect, useRef } from 'react'
import type { VListHandle } from 'virtua'

/** Pixels from the end that count as being there. */
const near = 24

/**
 * Keeps the end of a list in sight while it grows, unless the person has scrolled away from it.
 * @returns the list's `onScroll`
 */
export function useNewestInSight(list: RefObject<VListHandle | null>, items: readonly unknown[]): () => void {
  const atEnd = useRef(true)
  useEffect(() => {
    if (atEnd.current) list.current?.scrollToIndex(items.length - 1, { align: 'end' })
  }, [items, list])
  return () => {
    const { current } = list
    if (current) atEnd.current = current.scrollSize - current.scrollOffset - current.viewportSize < near
  }
}
