import { oneLine } from '../../one-line.ts'

/** Widest title made from a question; a Chinese character counts as two. */
const widest = 48

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const words = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Characters that take two columns: Chinese, Japanese, Korean, their punctuation and full-width forms. */
const wide = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u

/**
 * A conversation's title out of its first question: one line, cut between words. Chinese has no spaces between words,
 * so the cut follows the dictionary of Intl.Segmenter. Plain text: markup in it stays letters.
 * @returns empty when the question holds nothing to read
 */
export function titleOf(question: string): string {
  // The start is enough, and segmenting four megabytes is not free.
  const line = oneLine(question.slice(0, 1_000))
  if (widthOf(line) <= widest) return line
  const title = cut(words, line).trimEnd()
  // A link or a long word leaves too little before it: then between what a person sees as characters.
  return `${widthOf(title) < widest / 2 ? cut(graphemes, line) : title}…`
}

/** As many whole segments as leave room for the ellipsis. */
function cut(segmenter: Intl.Segmenter, line: string): string {
  let title = ''
  let used = 0
  for (const { segment } of segmenter.segment(line)) {
    used += widthOf(segment)
    if (used > widest - 1) break
    title += segment
  }
  return title
}

/** Columns a text takes; a Chinese character takes two. */
export function widthOf(text: string): number {
  let sum = 0
  for (const { segment } of graphemes.segment(text)) sum += wide.test(segment) ? 2 : 1
  return sum
}
