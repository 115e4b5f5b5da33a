import { fold } from '../../../../preload/contract-fold.ts'
import type { FoundPlace } from './find-store.ts'
import { stretchesOf } from './places.ts'

/** Names in styles/base.css: every place, and the one the person is at. */
const everywhere = 'found-places'
const here = 'found-place'

/**
 * Marks what is looked for in the messages that are drawn, without touching them (CSS Custom Highlight API).
 * @returns the place the person is at, when it is drawn
 */
export function markFound(list: HTMLElement, query: string, place: FoundPlace | undefined): Range | undefined {
  const word = fold(query)
  const all: Range[] = []
  let current: Range | undefined
  for (const message of word === '' ? [] : list.querySelectorAll<HTMLElement>('[data-message]')) {
    const ranges = [...message.querySelectorAll<HTMLElement>('[data-text]')].flatMap(text => rangesIn(text, word))
    all.push(...ranges)
    // What markup hides or adds makes fewer or more places than the text has.
    if (message.dataset.message === place?.messageId) current = ranges[Math.min(place?.nth ?? 0, ranges.length - 1)]
  }
  CSS.highlights.set(everywhere, new Highlight(...all))
  CSS.highlights.set(here, new Highlight(...(current ? [current] : [])))
  return current
}

export function clearMarks(): void {
  CSS.highlights.delete(everywhere)
  CSS.highlights.delete(here)
}

function rangesIn(element: HTMLElement, word: string): Range[] {
  const nodes: { node: Text; from: number }[] = []
  let text = ''
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push({ node: node as Text, from: text.length })
    text += node.nodeValue ?? ''
  }
  const pointAt = (at: number) => {
    const { node, from } = nodes.findLast(known => known.from <= at) ?? nodes[0]!
    return [node, Math.min(at - from, node.length)] as const
  }
  return stretchesOf(word, text).map(({ from, to }) => {
    const range = document.createRange()
    range.setStart(...pointAt(from))
    // The end belongs to the node of the last sign, not to the beginning of the next.
    const [node, offset] = pointAt(to - 1)
    range.setEnd(node, offset + 1)
    return range
  })
}
