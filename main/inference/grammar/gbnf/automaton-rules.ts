import type { State } from '../language/automaton.ts'
import { type CodePoints, charactersOf, contains, intersection } from '../language/code-points.ts'
import { restOfString } from './json-rules.ts'
import { type Alternative, type Piece, rule, text } from './piece.ts'
import type { RuleBook } from './rule-book.ts'

/** How the texts of an automaton stand in the answer. */
export interface Spelling {
  /** The ways to write one character out of a set. */
  write(set: CodePoints): Piece[][]
  readonly end: Alternative
}

/** As they are: numbers. */
export const bare: Spelling = { write: set => [[oneOf(set)]], end: [] }

/**
 * Inside a JSON string, up to and with its closing quote. Each character has one spelling: escaped only if it must be.
 */
export const inJsonString: Spelling = { write: writeInString, end: [text('"')] }

/**
 * Alternatives that write exactly the texts of the automaton: each state is a rule that begins with a character, so
 * the grammar is free of left recursion and never has two readings.
 */
export function automatonAlternatives(
  book: RuleBook,
  states: readonly State[],
  spelling: Spelling,
  hint: string,
): Alternative[] {
  if (states.length === 0) return []
  const ways = states.map(() => 0)
  for (const { to } of states.flatMap(state => state.edges)) ways[to]!++
  const names = new Map<number, string>()
  const queue: number[] = []
  const stateRule = (at: number): Piece => {
    if (!names.has(at)) {
      names.set(at, book.name(hint))
      queue.push(at)
    }
    return rule(names.get(at)!)
  }
  const write = (set: CodePoints): Piece[][] =>
    spelling.write(set).map(pieces => pieces.map(piece => onceWritten(book, piece)))
  /** States with one way in and one way out are written in line. */
  const onward = (from: number): Piece[] => {
    const pieces: Piece[] = []
    for (let at = from; ; ) {
      const state = states[at]!
      if (state.anything) return [...pieces, restOfString(book)]
      if (state.accepting && state.edges.length === 0) return [...pieces, ...spelling.end]
      const written = state.edges.length === 1 ? write(state.edges[0]!.on) : []
      if (state.accepting || ways[at]! > 1 || written.length !== 1) return [...pieces, stateRule(at)]
      pieces.push(...written[0]!)
      at = state.edges[0]!.to
    }
  }
  const alternatives = ({ anything, accepting, edges }: State): Alternative[] => [
    ...edges.flatMap(({ on, to }) => {
      const after = onward(to)
      return write(on).map(written => [...written, ...after])
    }),
    ...(anything ? [[restOfString(book)]] : accepting ? [spelling.end] : []),
  ]
  const start = alternatives(states[0]!)
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) book.define(names.get(at)!, alternatives(states[at]!))
  return start
}

/** Ranges of a set from which on it has a rule of its own: `\p{L}` has hundreds, in every state. */
const largeSet = 16

function onceWritten(book: RuleBook, piece: Piece): Piece {
  if (piece.kind !== 'chars' || piece.set.length < largeSet) return piece
  return book.once(`set ${piece.set.join(' ')}`, () => [[piece]], 'characters')
}

const asItIs: CodePoints = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0xd7ff],
  [0xe000, 0x10ffff],
]
const shortEscapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
}

function writeInString(set: CodePoints): Piece[][] {
  const out: Piece[][] = []
  const plain = intersection(set, asItIs)
  if (plain.length > 0) out.push([oneOf(plain)])
  const short: string[] = []
  const numbered: [string[], string[]] = [[], []]
  for (let code = 0; code <= 0x5c; code++) {
    if (!contains(set, code) || contains(asItIs, code)) continue
    const letter = shortEscapes[String.fromCharCode(code)]
    if (letter) short.push(letter)
    else numbered[code < 0x10 ? 0 : 1].push((code % 16).toString(16).toUpperCase(), (code % 16).toString(16))
  }
  if (short.length > 0) out.push([text('\\'), oneOf(charactersOf(short.join('')))])
  numbered.forEach((digits, high) => {
    if (digits.length > 0) out.push([text(`\\u00${high}`), oneOf(charactersOf(digits.join('')))])
  })
  return out
}

function oneOf(set: CodePoints): Piece {
  const [only] = set
  return set.length === 1 && only![0] === only![1] ? text(String.fromCodePoint(only![0])) : { kind: 'chars', set }
}
