import { foldWithOrigins } from '../../../../preload/contract-fold.ts'

/** How often a folded text holds a folded word, without overlaps. */
export function countOf(word: string, folded: string): number {
  let count = 0
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) count += 1
  return count
}

/** A stretch of a text, in code units. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Where in a text, as it is written, a folded word stands. */
export function stretchesOf(word: string, text: string): Stretch[] {
  if (word === '') return []
  const folded = foldWithOrigins(text)
  const stretches: Stretch[] = []
  for (let at = folded.text.indexOf(word); at >= 0; at = folded.text.indexOf(word, at + word.length)) {
    stretches.push({ from: folded.origins[at] ?? 0, to: folded.origins[at + word.length] ?? text.length })
  }
  return stretches
}
