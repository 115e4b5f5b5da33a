import { useEffect, useState } from 'react'

/** Milliseconds without new messages in the page after which the person looks at what is there. */
const rest = 100

const waiting = new Set<() => void>()
let resting: ReturnType<typeof setTimeout> | undefined

/** Messages come into the page, and may leave it as quickly. */
export function hurry(): void {
  clearTimeout(resting)
  resting = setTimeout(() => {
    resting = undefined
    for (const tell of waiting) tell()
  }, rest)
}

/** Hears each time it has become calm. @returns ends it */
export function onCalm(listener: () => void): () => void {
  waiting.add(listener)
  return () => {
    waiting.delete(listener)
  }
}

/**
 * Whether to draw what is not in sight before the person turns to it. A message that comes into the page while the chat
 * is opened or scrolled is drawn without it, and gets it once that has ended.
 */
export function useCalm(): boolean {
  const [calm, setCalm] = useState(resting === undefined)
  useEffect(() => {
    if (calm) return
    // It may have become so since this was drawn.
    if (resting === undefined) setCalm(true)
    return onCalm(() => setCalm(true))
  }, [calm])
  return calm
}
