import { Parser } from 'htmlparser2'

/**
 * What is not said: what was moved away, how a paragraph looked before, where its tab stops are, the reading aids over
 * Chinese letters, and what older programs are shown instead of a shape, which says the same again.
 */
const unsaid = new Set(['moveFrom', 'pPrChange', 'tabs', 'rt', 'Fallback'])

/**
 * The text of a part in WordprocessingML (ECMA-376, part 1, 17): a paragraph a line, a row of a table a line with its
 * cells between bars, entries of a list behind a dash. Deleted text has an element of its own and is left out, as are
 * the names of fields; entities that a file defines by itself mean nothing here.
 */
export function wordText(xml: string): string {
  /** The lines of the whole part, and of each cell that is open. */
  const places: string[][] = [[]]
  const rows: string[][] = []
  const paragraphs: string[] = []
  let inText = false
  let silence = 0
  const say = (text: string) => {
    if (silence === 0 && paragraphs.length > 0) paragraphs.push(`${paragraphs.pop()}${text}`)
  }
  const hear = (text: boolean) => {
    inText = text
  }
  const line = (text: string) => {
    if (text.trim() !== '') places.at(-1)?.push(text.trim())
  }
  const open = new Map([
    ['p', () => void paragraphs.push('')],
    ['t', () => hear(true)],
    ['tab', () => say('\t')],
    ['br', () => say('\n')],
    ['cr', () => say('\n')],
    ['noBreakHyphen', () => say('-')],
    ['numPr', () => say('- ')],
    ['tr', () => void rows.push([])],
    ['tc', () => void places.push([])],
  ])
  const close = new Map([
    ['p', () => line(paragraphs.pop() ?? '')],
    ['t', () => hear(false)],
    [
      'tc',
      () => {
        const cell = places.length > 1 ? places.pop() : undefined
        rows.at(-1)?.push(cell?.join(' ') ?? '')
      },
    ],
    ['tr', () => line((rows.pop() ?? []).join(' | '))],
  ])
  const parser = new Parser(
    {
      onopentag: name => {
        const own = localName(name)
        if (unsaid.has(own)) silence++
        open.get(own)?.()
      },
      ontext: text => {
        if (inText) say(text)
      },
      onclosetag: name => {
        const own = localName(name)
        if (unsaid.has(own)) silence--
        close.get(own)?.()
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
  return places.flat().join('\n')
}

/** Without its prefix: all but the text's own namespace have other names. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
