import type { QuotingElement } from '../quoted.ts'

/** How the parameters of a function are written as elements, one after the other, up to the function's own end. */
export interface ParameterTags {
  /** An opening tag, as a regular expression whose first group is the parameter's name. */
  readonly open: string
  /** How such a tag begins. */
  readonly begin: string
  readonly close: string
  readonly function: { readonly begin: string; readonly close: string }
}

/** A parameter as it was written. */
export interface WrittenParameter {
  /** Its opening tag. */
  readonly tag: RegExpExecArray
  readonly text: string
}

export interface ParameterElements {
  /** The parameters of one function at the start of a text, and where the text behind the function begins. */
  read(text: string): { readonly parameters: WrittenParameter[]; readonly end: number }
  readonly quoting: QuotingElement
}

/**
 * A value ends at a closing tag that something of the call follows, as others may be quoted in it; without such a one
 * at the first, or where the next parameter begins when the model forgot it.
 */
export function parameterElements({ open, begin, close, function: owner }: ParameterTags): ParameterElements {
  const next = `\\s*(?:${begin}|${owner.close}|$)`
  const tag = new RegExp(open)
  const valueEnd = new RegExp(`${close}(?=${next})|(?=${owner.close}\\s*(?:${owner.begin}|$))`)
  const looseEnd = new RegExp(`${close}|(?=${open}|${owner.close})`)
  return {
    quoting: { open: new RegExp(open, 'g'), close, next: new RegExp(`^${next}`) },
    read(text) {
      const parameters: WrittenParameter[] = []
      let at = 0
      for (;;) {
        const rest = text.slice(at)
        const opening = tag.exec(rest)
        const functionEnd = rest.indexOf(owner.close)
        if (!opening || (functionEnd >= 0 && functionEnd < opening.index)) {
          return { parameters, end: functionEnd < 0 ? text.length : at + functionEnd + owner.close.length }
        }
        const inside = rest.slice(opening.index + opening[0].length)
        const end = valueEnd.exec(inside) ?? looseEnd.exec(inside)
        parameters.push({ tag: opening, text: inside.slice(0, end?.index) })
        at = text.length - inside.length + (end ? end.index + end[0].length : inside.length)
      }
    },
  }
}
