import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { distanceToEnd, type Sight, sticks } from './stick.ts'

/** Pixels above the end from which the way back is offered. */
const far = 160

const sightOf = (box: HTMLElement): Sight => ({ top: box.scrollTop, height: box.scrollHeight, view: box.clientHeight })

/**
 * Keeps a scrolling box at its end while what it holds grows, until the person scrolls up.
 * @param box the scrolling element
 * @param content the element inside that grows
 * @returns whether the end is out of sight, the way back to it, and the way to let go of it
 */
export function useStick(box: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>) {
  const stuck = useRef(true)
  const before = useRef<Sight>({ top: 0, height: 0, view: 0 })
  const [away, setAway] = useState(false)
  const told = useRef(false)
  /** React draws once more for a state that is set to what it is. */
  const tell = useCallback((isAway: boolean) => {
    if (told.current === isAway) return
    told.current = isAway
    setAway(isAway)
  }, [])

  const toEnd = useCallback(() => {
    stuck.current = true
    tell(false)
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [box, tell])

  /** Lets go of the end, as something else is to be seen. */
  const release = useCallback(() => {
    stuck.current = false
  }, [])

  // Before the list knows how much of it is in sight: it would draw its first messages, only to leave them.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [box])

  useEffect(() => {
    const element = box.current
    if (!element || !content.current) return
    const look = () => {
      const now = sightOf(element)
      stuck.current = sticks(before.current, now, stuck.current)
      before.current = now
      tell(!stuck.current && distanceToEnd(now) > far)
    }
    // The wheel tells the wish a moment before the scrolling does.
    const letGo = (event: WheelEvent) => {
      if (event.deltaY < 0 && element.scrollTop > 0) stuck.current = false
    }
    const follow = () => {
      if (stuck.current) element.scrollTop = element.scrollHeight
      look()
    }
    const observer = new ResizeObserver(follow)
    observer.observe(element)
    observer.observe(content.current)
    element.addEventListener('scroll', look, { passive: true })
    element.addEventListener('wheel', letGo, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
      element.removeEventListener('wheel', letGo)
    }
  }, [box, content, tell])

  return { away, toEnd, release }
}
