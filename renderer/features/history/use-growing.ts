import { useCallback, useEffect, useState } from 'react'

/** Rows of the first picture: more than the tallest window shows. */
const first = 80
/** Rows that come at once later, a frame's work. */
const step = 40

/**
 * How much of a long list is drawn: what can be in sight at once, the rest little by little while nothing else is to be
 * done, so that a thousand chats do not hold the first picture up.
 * @param length of the list
 * @returns the rows to draw, and what has them all drawn from now on
 */
export function useGrowing(length: number): readonly [rows: number, drawAll: () => void] {
  const [rows, setRows] = useState(first)
  const isWhole = rows >= length
  // biome-ignore lint/correctness/useExhaustiveDependencies: each portion is followed by the next
  useEffect(() => {
    if (isWhole) return
    const next = requestIdleCallback(() => setRows(drawn => drawn + step), { timeout: 1000 })
    return () => cancelIdleCallback(next)
  }, [rows, isWhole])
  return [rows, useCallback(() => setRows(Number.POSITIVE_INFINITY), [])]
}
