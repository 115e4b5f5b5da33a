import type { GrowingText } from './growing-text.ts'
import { type Notation, python } from './literals.ts'
import { unfinished } from './markers.ts'
import type { Quoting } from './quoted.ts'

/** What may stand before a string, and behind one; anything else tells that a quote was forgotten. */
const before = '[{(,:='
const behind = ']}),:'

/**
 * Quoted is what stands in a string of the body, whose values begin at the first bracket.
 * @param linesEnd whether a string must end on the line it began on
 */
export function inString({ quotes, escapes }: Pick<Notation, 'quotes' | 'escapes'>, linesEnd = false): Quoting {
  let read = 0
  /** The last character that is neither white space nor in a string; a quote when a string has just ended. */
  let last = ''
  let quote: string | undefined
  let escaped = false
  let slipped = false
  const step = (text: string, at: number): void => {
    const character = text[at]!
    const found = quote === undefined ? quotes.find(candidate => text.startsWith(candidate, at)) : undefined
    if (escaped) escaped = false
    else if (quote !== undefined) {
      if (escapes && character === '\\') escaped = true
      else if (linesEnd && character === '\n') slipped = true
      else if (text.startsWith(quote, at)) {
        read += quote.length - 1
        last = quote
        quote = undefined
      }
    } else if (character.trim() === '' || (last === '' && !'[{('.includes(character))) {
      // Layout, or the name in front.
    } else if (found !== undefined) {
      slipped ||= !before.includes(last)
      quote = found
      read += found.length - 1
    } else {
      slipped ||= quotes.includes(last) && !behind.includes(character)
      last = character
    }
    read++
  }
  const readTo = (body: GrowingText, end: number): void => {
    const start = read
    const text = body.from(start)
    while (read < end && !slipped) step(text, read - start)
  }
  return {
    quotes(body, at) {
      readTo(body, at)
      return quote !== undefined && !slipped
    },
    slips(body, upTo) {
      // The last characters may become a longer quote than they are.
      readTo(body, Math.min(upTo, body.length - unfinished(body.from(read), quotes)))
      return slipped
    },
  }
}

export const inJsonString = (): Quoting => inString({ quotes: ['"'], escapes: true }, true)
export const inPythonString = (): Quoting => inString(python)
