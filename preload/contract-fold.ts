/** What main finds, the window marks. */

/**
 * Text as search compares it: without case, without accents on Latin, Greek and Cyrillic letters, full-width forms as
 * plain ones, the sigma at the end of a Greek word as any other, the end of a line as the space it is read as. Each
 * code point folds by itself, so that places in the folded text lead back to the original.
 */
export function fold(text: string): string {
  // SQLite ends a text at its first NUL.
  if (text.includes('\u0000')) return fold(text.replaceAll('\u0000', ' '))
  if (isAscii(text)) return text.toLowerCase().replace(space, ' ')
  return text.normalize('NFKD').replace(accents, '').toLowerCase().replaceAll('ς', 'σ').replace(space, ' ')
}

export interface Folded {
  readonly text: string
  /** For each code unit of the folded text, and for its end, where its letter begins in the original. */
  readonly origins: readonly number[]
}

/** As `fold`, with the way back. */
export function foldWithOrigins(text: string): Folded {
  let folded = ''
  const origins: number[] = []
  let at = 0
  for (const character of text) {
    const piece = fold(character)
    for (let unit = 0; unit < piece.length; unit += 1) origins.push(at)
    folded += piece
    at += character.length
  }
  return { text: folded, origins: [...origins, at] }
}

/** Combining marks of the scripts that write them over letters; those of Japanese make other letters and stay. */
const accents = /[\u0300-\u036f]/g

const space = /[^\S ]/g

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)
