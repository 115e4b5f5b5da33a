import { type RefObject, useEffect } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Message } from '../../../../preload/contract.ts'
import type { Bring } from '../rows/use-rows.ts'
import { clearMarks, markFound } from './find-marks.ts'
import { findAgain, placeOf, useFind } from './find-store.ts'

/** Pixels of the chat that stay in sight above and below the place the person is led to. */
const margin = 64
/** Frames in which the list may still move under it: messages are measured when they are first drawn. */
const settling = 10

/**
 * Leads the list to what was found and keeps it marked, also in messages that come into sight later.
 * @param release lets go of the end of the list
 */
export function useFoundPlaces(
  messages: readonly Message[],
  box: RefObject<HTMLElement | null>,
  bring: Bring,
  release: () => void,
): void {
  const { open, query } = useFind(useShallow(({ open, query }) => ({ open, query })))
  const place = useFind(useShallow(state => (state.open ? (placeOf(state) ?? null) : null)))

  // biome-ignore lint/correctness/useExhaustiveDependencies: looked through again when they change
  useEffect(() => {
    if (open) void findAgain()
  }, [open, messages])

  useEffect(() => {
    if (!place) return
    release()
    bring(place.messageId)
  }, [place, bring, release])

  useEffect(() => {
    const element = box.current
    if (!open || !element) return
    let left = settling
    let frame = 0
    const draw = () => {
      frame = 0
      const range = markFound(element, query, place ?? undefined)
      if (!range || left === 0) return
      left -= 1
      bringIntoSight(element, range)
      drawSoon()
    }
    const drawSoon = () => {
      frame ||= requestAnimationFrame(draw)
    }
    drawSoon()
    const observer = new MutationObserver(drawSoon)
    observer.observe(element, { childList: true, characterData: true, subtree: true })
    return () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
    }
  }, [open, query, place, box])

  useEffect(() => (open ? clearMarks : undefined), [open])
}

/** A long message may be in sight without the place in it. */
function bringIntoSight(box: HTMLElement, range: Range): void {
  const view = box.getBoundingClientRect()
  const found = range.getBoundingClientRect()
  if (found.top < view.top + margin || found.bottom > view.bottom - margin) {
    box.scrollTop += found.top - (view.top + view.height / 2)
  }
}
