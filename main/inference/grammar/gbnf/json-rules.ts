import { type Alternative, chars, type Piece, type RulePiece, text } from './piece.ts'
import type { RuleBook } from './rule-book.ts'

const many = Number.POSITIVE_INFINITY
const digit = chars([0x30, 0x39])
const digitFromOne = chars([0x31, 0x39])
const hexDigit = chars([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])

const sign = repeat(chars([0x2b, 0x2b], [0x2d, 0x2d]), 0, 1)
const letterD = chars([0x44, 0x44], [0x64, 0x64])
const lowHalf = chars([0x43, 0x46], [0x63, 0x66])

/** What a JSON string may hold as it is: no quote, backslash, control character or (llama.cpp's choice) DEL. */
const bare = chars([0x20, 0x21], [0x23, 0x5b], [0x5d, 0x7e], [0x80, 0xd7ff], [0xe000, 0x10ffff])

/** Blank between tokens, bounded as llama.cpp bounds it, so that no model writes blanks for ever. */
export function space(book: RuleBook): RulePiece {
  const indent = repeat(chars([0x09, 0x09], [0x20, 0x20]), 0, 20)
  return book.once('space', () => [[], [text(' ')], [repeat(text('\n'), 1, 2), indent]])
}

/** One character of a JSON string, in any of its spellings; a surrogate pair of escapes is one character. */
export function character(book: RuleBook): RulePiece {
  return book.once('char', () => [[bare], [text('\\'), escaped(book)]])
}

/** Any JSON string with its quotes. */
export function anyString(book: RuleBook): RulePiece {
  return book.once('string', () => [[text('"'), restOfString(book)]])
}

/** The rest of any JSON string up to and with its closing quote. */
export function restOfString(book: RuleBook): RulePiece {
  return book.once('string-rest', self => [[bare, self], [text('\\'), escaped(book), self], [text('"')]])
}

export function anyInteger(book: RuleBook): RulePiece {
  return book.once('integer', () => [[text('0')], [repeat(text('-'), 0, 1), digitFromOne, repeat(digit, 0, 15)]])
}

/** Exponents have two digits at most: what JSON.parse would read as Infinity is no JSON number to anyone. */
export function anyNumber(book: RuleBook): RulePiece {
  const exponent = (): Piece =>
    book.once('exponent', () => [[], [chars([0x45, 0x45], [0x65, 0x65]), sign, repeat(digit, 1, 2)]])
  const fraction = (): Piece =>
    book.once('fraction', () => [[exponent()], [text('.'), repeat(digit, 1, 16), exponent()]])
  return book.once('number', () => [
    [repeat(text('-'), 0, 1), text('0'), fraction()],
    [repeat(text('-'), 0, 1), digitFromOne, repeat(digit, 0, 15), fraction()],
  ])
}

export function anyBoolean(book: RuleBook): RulePiece {
  return book.once('boolean', () => [[text('true')], [text('false')]])
}

export function anyObject(book: RuleBook): RulePiece {
  const member = (): Alternative => [anyString(book), space(book), text(':'), space(book), anyValue(book)]
  return book.once('object', () =>
    membersBetween(
      book,
      '{',
      book.once('member', () => [member()]),
      '}',
    ),
  )
}

export function anyArray(book: RuleBook): RulePiece {
  return book.once('array', () => membersBetween(book, '[', anyValue(book), ']'))
}

/** Any JSON value. */
export function anyValue(book: RuleBook): RulePiece {
  return book.once('value', () => [
    [anyObject(book)],
    [anyArray(book)],
    [anyString(book)],
    [anyNumber(book)],
    [anyBoolean(book)],
    [text('null')],
  ])
}

function membersBetween(book: RuleBook, open: string, member: Piece, close: string): Alternative[] {
  const blank = space(book)
  const further = book.once(`further-${open === '{' ? 'members' : 'items'}`, () => [[text(','), blank, member]])
  return [
    [text(open), blank, text(close)],
    [text(open), blank, member, repeat(further, 0, many), blank, text(close)],
  ]
}

/** What follows a backslash (RFC 8259 §7); a lone surrogate, which no text can hold, is left out. */
function escaped(book: RuleBook): RulePiece {
  return book.once('escape', () => [
    [{ kind: 'chars', set: [...'"/\\bfnrt'].map(letter => [letter.charCodeAt(0), letter.charCodeAt(0)] as const) }],
    [
      text('u'),
      chars([0x30, 0x39], [0x41, 0x43], [0x45, 0x46], [0x61, 0x63], [0x65, 0x66]),
      hexDigit,
      hexDigit,
      hexDigit,
    ],
    [text('u'), letterD, chars([0x30, 0x37]), hexDigit, hexDigit],
    [
      text('u'),
      letterD,
      chars([0x38, 0x39], [0x41, 0x42], [0x61, 0x62]),
      hexDigit,
      hexDigit,
      text('\\u'),
      letterD,
      lowHalf,
      hexDigit,
      hexDigit,
    ],
  ])
}

function repeat(of: Piece, min: number, max: number): Piece {
  return { kind: 'repeat', of, min, max }
}
