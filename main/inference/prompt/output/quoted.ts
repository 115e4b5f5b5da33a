import type { GrowingText } from './growing-text.ts'

/**
 * What of a call's body is quoted there: an argument may be a text about the very format it is written in. Asked of
 * one body with growing offsets.
 */
export interface Quoting {
  /**
   * Whether a closing marker is part of a quotation.
   * @param at where the marker begins
   * @param behind where the text after it begins
   * @returns undefined while only the text to come can tell
   */
  quotes(body: GrowingText, at: number, behind: number): boolean | undefined
  /** Whether the body up to an offset can be no call any more, so that what seemed quoted was none either. */
  slips?(body: GrowingText, upTo: number): boolean
}

/** For bodies that cannot quote. */
export const quotesNothing: Quoting = { quotes: () => false }

/** Elements whose text may quote markers. */
export interface QuotingElement {
  /** A global expression. */
  readonly open: RegExp
  readonly close: string
  /** What follows the closing tag, from its end on; where something else does, the tag is quoted itself. */
  readonly next?: RegExp
  /** Texts behind a marker that show it to be none of the element's, whose closing tag was forgotten. */
  readonly after?: readonly string[]
}

/** Quoted is what stands in an element, unless nothing or another call follows. */
export function inElement({ open: pattern, close, next, after = [] }: QuotingElement): Quoting {
  const open = new RegExp(pattern)
  let read = 0
  let isOpen = false
  const isOpenAt = (body: GrowingText, end: number): boolean => {
    const start = read
    const text = body.from(start).slice(0, end - start)
    let at = 0
    for (;;) {
      if (!isOpen) {
        open.lastIndex = at
        if (!open.test(text)) return false
        at = open.lastIndex
        read = start + at
        isOpen = true
      }
      const closed = text.indexOf(close, at)
      if (closed < 0) {
        read = start + Math.max(at, text.length - close.length + 1)
        return true
      }
      at = closed + close.length
      read = start + at
      isOpen = next !== undefined && !next.test(text.slice(at))
    }
  }
  return {
    quotes(body, at, behind) {
      return isOpenAt(body, at) && isFollowedByNone(after, body.from(behind))
    },
  }
}

/** Where a text ends: not in a value, in one, or in one within a call that it quotes. */
export type ValueState = 'outside' | 'in value' | 'in quoted call'

/**
 * Quoted is what stands in a value, unless nothing or another call follows.
 * @param stateOf reads a body from its beginning
 * @param after as for elements
 */
export function inValue(stateOf: (body: string) => ValueState, after: readonly string[]): Quoting {
  return {
    quotes(body, at, behind) {
      const state = stateOf(body.from(0).slice(0, at))
      return state === 'in quoted call' || (state === 'in value' && isFollowedByNone(after, body.from(behind)))
    },
  }
}

/** Undefined while only the text to come can tell. */
function isFollowedByNone(texts: readonly string[], rest: string): boolean | undefined {
  const text = rest.trimStart()
  if (texts.some(next => text.startsWith(next))) return false
  return text === '' || texts.some(next => next.startsWith(text)) ? undefined : true
}

/** What any of the rules takes for quoted. */
export function quotedByAny(...rules: readonly Quoting[]): Quoting {
  return {
    quotes(body, at, behind) {
      const answers = rules.map(rule => rule.quotes(body, at, behind))
      return answers.includes(true) || (answers.includes(undefined) ? undefined : false)
    },
  }
}

/** The first rule whose expression the body up to the marker matches. */
export function quotedAs(...rules: readonly (readonly [body: RegExp, rule: Quoting])[]): Quoting {
  let chosen: Quoting | undefined
  return {
    quotes(body, at, behind) {
      chosen ??= rules.find(([pattern]) => pattern.test(body.from(0).slice(0, at)))?.[1]
      return chosen ? chosen.quotes(body, at, behind) : false
    },
    slips: (body, upTo) => chosen?.slips?.(body, upTo) ?? false,
  }
}
