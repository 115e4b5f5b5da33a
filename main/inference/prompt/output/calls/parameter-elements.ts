import type { ValueState } from '../quoted.ts'

/** How the parameters of a function are written as elements, one after the other, up to the function's own end. */
export interface ParameterTags {
  /** An opening tag, as a regular expression whose first group is the parameter's name. */
  readonly open: string
  /** How such a tag begins. */
  readonly begin: string
  readonly close: string
  readonly function: {
    /** As those of a parameter. */
    readonly open: string
    readonly begin: string
    readonly close: string
  }
}

/** A parameter as it was written. */
export interface WrittenParameter {
  /** Its opening tag. */
  readonly tag: RegExpExecArray
  readonly text: string
}

/** What a text holds of one function. */
export interface WrittenParameters {
  readonly parameters: WrittenParameter[]
  /** Where the text behind the function begins. */
  readonly end: number
  /** Where the text ends, as far as one can tell. */
  readonly state: ValueState
}

/** Where a value ends, and where the text behind its closing tag begins. */
interface ValueEnd {
  readonly at: number
  readonly behind: number
  readonly state: ValueState
}

/**
 * Reads the parameters of one function at the start of a text. A value ends at a closing tag that something of the call
 * follows, as others may be quoted in it, nor at one within a call that it quotes. Without such a one it ends before the
 * next parameter or the function's end: at the last closing tag, as words between two parameters are no part of either.
 * The next parameter begins a line where no closing tag precedes it: within one, a tag is quoted.
 * @param expected the parameters that the function declares: others are text of the value they stand in
 */
export type ParameterReader = (text: string, expected: readonly string[]) => WrittenParameters

export function parameterReader({ open, begin, close, function: owner }: ParameterTags): ParameterReader {
  const tag = new RegExp(open, 'g')
  const tags = new RegExp([owner.open, owner.close, open, close].join('|'), 'g')
  const nextOfCall = new RegExp(`^\\s*(?:${begin}|${owner.close}|$)`)
  const nextFunction = new RegExp(`^\\s*(?:${owner.begin}|$)`)

  const valueEnd = (text: string, from: number, names: readonly string[], mayQuoteCalls = true): ValueEnd => {
    /** Calls that the value quotes and that are still open, and where the last one ended. */
    let quoted = 0
    let quotedEnd = -1
    let closed: ValueEnd | undefined
    let first: ValueEnd | undefined
    tags.lastIndex = from
    for (let match = tags.exec(text); match; match = tags.exec(text)) {
      const written = match[0]
      const behind = match.index + written.length
      const before: ValueEnd = { at: match.index, behind: match.index, state: 'in value' }
      if (written.startsWith(owner.begin)) {
        if (mayQuoteCalls) quoted++
      } else if (written === owner.close) {
        if (quoted > 0 && --quoted === 0) quotedEnd = behind
        else if (quoted === 0) {
          if (nextFunction.test(text.slice(behind))) return closed ?? before
          first ??= before
        }
      } else if (quoted > 0) {
        // Of the quoted call.
      } else if (written === close) {
        const end: ValueEnd = { at: match.index, behind, state: 'outside' }
        if (nextOfCall.test(text.slice(behind))) return end
        closed = end
      } else {
        if (names.includes(nameIn(match)) && (closed || beginsLine(text, match.index, from))) return closed ?? before
        first ??= before
      }
    }
    if (quoted > 0 || quotedEnd >= 0) {
      const isInside = quoted > 0 || text.slice(quotedEnd).trim() === ''
      return { ...valueEnd(text, from, names, false), state: isInside ? 'in quoted call' : 'in value' }
    }
    return { ...(closed ?? first ?? { at: text.length, behind: text.length }), state: 'in value' }
  }

  return (text, expected) => {
    const parameters: WrittenParameter[] = []
    let names = expected
    let at = 0
    let state: ValueState = 'outside'
    for (;;) {
      tag.lastIndex = at
      const opening = tag.exec(text)
      const functionEnd = text.indexOf(owner.close, at)
      if (!opening || (functionEnd >= 0 && functionEnd < opening.index)) {
        return { parameters, end: functionEnd < 0 ? text.length : functionEnd + owner.close.length, state }
      }
      const from = opening.index + opening[0].length
      names = names.filter(name => name !== nameIn(opening))
      const end = valueEnd(text, from, names)
      parameters.push({ tag: opening, text: text.slice(from, end.at) })
      at = end.behind
      state = end.state
    }
  }
}

/** Whether nothing but white space stands between an offset and the begin of its line, or of the text at `from`. */
function beginsLine(text: string, offset: number, from: number): boolean {
  let at = offset
  while (at > from && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--
  return at === from || text[at - 1] === '\n'
}

/** The first group that took part: only one of the alternatives does. */
function nameIn(match: RegExpExecArray): string {
  return (match.slice(1).find(group => group !== undefined) ?? '').trim()
}
