import { type Unzipped, unzipSync } from 'fflate'
import { Parser } from 'htmlparser2'
import { type DocumentContent, DocumentProblem } from './document.ts'
import { decodedText } from './text.ts'
import { wordText } from './word-text.ts'

/** Bytes that are unpacked of one document, at the most: a text of two million characters needs ten million. */
const mostUnpacked = 100_000_000
const relations = '_rels/.rels'

/**
 * What a DOCX says (ECMA-376): its paragraphs and tables, then its notes. Of the zip only the parts with text are
 * unpacked, and none beyond the size that its index admits, so that a bomb stays small.
 * @param mostText characters
 * @throws DocumentProblem
 */
export function readDocx(bytes: Uint8Array, mostText: number): DocumentContent {
  const main = mainPart(unzip(bytes, [relations])[relations])
  if (!main?.startsWith('word/')) throw new DocumentProblem('unknown')
  const names = [main, 'word/footnotes.xml', 'word/endnotes.xml']
  const parts = unzip(bytes, names)
  if (!parts[main]) throw new DocumentProblem('broken')
  const text = names
    .map(name => wordText(decoded(parts[name])))
    .filter(part => part !== '')
    .join('\n\n')
  if (text === '') throw new DocumentProblem('empty')
  if (text.length > mostText) throw new DocumentProblem('too-large')
  return { kind: 'text', text, part: null, mute: 0 }
}

/** Where the text lies: `word/document.xml` mostly, `word/document2.xml` by some of Word's own versions. */
function mainPart(part: Uint8Array | undefined): string | undefined {
  let found: string | undefined
  const parser = new Parser(
    {
      onopentag: (_, { Type, Target }) => {
        if (Type?.endsWith('/officeDocument')) found ??= Target?.replace(/^\//, '')
      },
    },
    { xmlMode: true },
  )
  parser.end(decoded(part))
  return found
}

/** @throws DocumentProblem broken, too-large */
function unzip(bytes: Uint8Array, names: readonly string[]): Unzipped {
  let left = mostUnpacked
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!names.includes(name)) return false
        left -= originalSize
        if (left < 0) throw new DocumentProblem('too-large')
        return true
      },
    })
  } catch (error) {
    throw error instanceof DocumentProblem ? error : new DocumentProblem('broken')
  }
}

/** The XML of a part: UTF-8, or UTF-16 with its mark (ECMA-376, part 2). @throws DocumentProblem broken */
function decoded(part: Uint8Array = new Uint8Array()): string {
  const text = decodedText(part)
  if (text === undefined) throw new DocumentProblem('broken')
  return text
}
