import {
  type RefCallback,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { flushSync } from 'react-dom'
import type { Message } from '../../../../preload/contract.ts'
import { hurry, onCalm } from './calm.ts'
import { type Part, Rows, type Sight } from './rows.ts'

export interface MessageRows {
  /** What is to be drawn, from top to bottom. */
  readonly parts: readonly Part[]
  /** The ref of each row's element, which has the message's id as `data-message`. */
  readonly observe: RefCallback<HTMLElement>
  /** Brings a message into the middle of what is in sight. */
  readonly bring: Bring
}

/** @param then is called with its element once it is there */
export type Bring = (id: string, then?: (element: HTMLElement) => void) => void

/**
 * The rows of a chat that are in the page (rows.ts), as a box scrolls.
 * @param box the scrolling element
 * @param space pixels above the first row
 * @param kept id of a message that stays in the page
 */
export function useRows(
  messages: readonly Message[],
  box: RefObject<HTMLElement | null>,
  space: number,
  kept: string | null,
): MessageRows {
  const rows = useMemo(() => {
    hurry()
    return new Rows(window.innerHeight)
  }, [])
  const moved = rows.take(messages)
  const shown = useSyncExternalStore(rows.subscribe, rows.shown)
  const awaited = useRef<{ id: string; then: ((element: HTMLElement) => void) | undefined }>(undefined)
  const sight = useCallback(
    (): Sight => ({ top: (box.current?.scrollTop ?? 0) - space, height: box.current?.clientHeight ?? 0 }),
    [box, space],
  )
  /** Rows that come into the page because of a resize: they are observed later, or the browser would tell of a loop. */
  const resizing = useRef(false)

  const observer = useMemo(
    () =>
      new ResizeObserver(entries => {
        resizing.current = true
        flushSync(() => {
          for (const { target, borderBoxSize } of entries) {
            const id = (target as HTMLElement).dataset.message
            if (id !== undefined) rows.measure(id, borderBoxSize[0]?.blockSize ?? 0)
          }
          rows.resized(sight())
        })
        resizing.current = false
      }),
    [rows, sight],
  )
  const observe = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return
      if (resizing.current) requestAnimationFrame(() => element.isConnected && observer.observe(element))
      else observer.observe(element)
      return () => observer.unobserve(element)
    },
    [observer],
  )

  useEffect(() => {
    const element = box.current
    if (!element) return
    const scrolled = () => {
      const before = rows.shown()
      rows.scrolled(sight())
      if (rows.shown() !== before) hurry()
    }
    observer.observe(element)
    element.addEventListener('scroll', scrolled, { passive: true })
    // What was left out beside a leap.
    const end = onCalm(() => rows.scrolled(sight()))
    return () => {
      end()
      observer.disconnect()
      element.removeEventListener('scroll', scrolled)
    }
  }, [box, observer, rows, sight])

  // At the very top the browser anchors nothing: rows that come before the first would push it down.
  useLayoutEffect(() => {
    if (moved > 0 && box.current?.scrollTop === 0) box.current.scrollTop = moved
  })

  const reach = useCallback(() => {
    const { id, then } = awaited.current ?? {}
    const element = id && box.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`)
    if (!element) return
    awaited.current = undefined
    element.scrollIntoView({ block: 'center' })
    then?.(element)
  }, [box])

  // biome-ignore lint/correctness/useExhaustiveDependencies: it may have come into the page
  useLayoutEffect(reach, [reach, shown])

  const bring = useCallback<Bring>(
    (id, then) => {
      if (!rows.center(id)) return
      awaited.current = { id, then }
      reach()
    },
    [rows, reach],
  )

  const focused = useFocused(box)
  return { parts: rows.parts(indexesOf([kept, focused], messages)), observe, bring }
}

/** Id of the message with the focus: where it left the page, the keys that scroll the chat would reach it no longer. */
function useFocused(box: RefObject<HTMLElement | null>): string | null {
  const [focused, setFocused] = useState<string | null>(null)
  useEffect(() => {
    const look = ({ target }: FocusEvent) => {
      const element = target as Element
      const row = box.current?.contains(element) ? element.closest<HTMLElement>('[data-message]') : null
      setFocused(row?.dataset.message ?? null)
    }
    document.addEventListener('focusin', look)
    return () => document.removeEventListener('focusin', look)
  }, [box])
  return focused
}

/** Where these messages are, those that are there, from top to bottom. */
function indexesOf(ids: readonly (string | null)[], messages: readonly Message[]): number[] {
  const wanted = new Set(ids.filter(id => id !== null))
  if (wanted.size === 0) return []
  return messages.flatMap(({ id }, index) => (wanted.has(id) ? [index] : []))
}
