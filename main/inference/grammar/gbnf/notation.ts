import type { CodePoints } from '../language/code-points.ts'
import type { Alternative, Piece, RulePiece } from './piece.ts'

/** Equal sets in a row written as one repetition; llama.cpp reads counts up to 2000. */
const longestRun = 1_000

/**
 * The grammar as GBNF text: the root first, then what it needs in the order of need. Rules that only stand for another
 * are skipped over. Symbols of rules that are not given (nothing can be made of them) are left out; they only occur
 * where they may be repeated zero times.
 */
export function printGrammar(rules: ReadonlyMap<string, readonly Alternative[]>): string {
  const order = ['root']
  const seen = new Set(order)
  const prepared = (piece: Piece): Piece => {
    if (piece.kind === 'repeat') return { ...piece, of: prepared(piece.of) }
    return piece.kind === 'rule' ? meant(piece, rules) : piece
  }
  let out = ''
  for (const name of order) {
    const alternatives = rules
      .get(name)!
      .map(alternative => alternative.filter(piece => isPossible(piece, rules)).map(prepared))
    out += `${name} ::= ${alternatives.map(printAlternative).join(' | ')}\n`
    for (const piece of alternatives.flat()) {
      const needed = ruleOf(piece)
      if (needed === undefined || seen.has(needed)) continue
      seen.add(needed)
      order.push(needed)
    }
  }
  return out
}

function meant(piece: RulePiece, rules: ReadonlyMap<string, readonly Alternative[]>): RulePiece {
  let at = piece
  for (;;) {
    const alternatives = rules.get(at.name)!
    const only = alternatives.length === 1 && alternatives[0]!.length === 1 ? alternatives[0]![0]! : undefined
    if (only?.kind !== 'rule') return at
    at = only
  }
}

export function printAlternative(alternative: Alternative): string {
  if (alternative.length === 0) return '""'
  let out = ''
  for (let i = 0; i < alternative.length; ) {
    const piece = alternative[i]!
    let same = i + 1
    let printed: string
    if (piece.kind === 'text') {
      let joined = piece.text
      while (alternative[same]?.kind === 'text') joined += (alternative[same++] as { text: string }).text
      printed = quoted(joined)
    } else {
      printed = printPiece(piece)
      if (piece.kind === 'chars') {
        while (same - i < longestRun && alternative[same] && printPiece(alternative[same]!) === printed) same++
        if (same - i > 2) printed += `{${same - i}}`
        else same = i + 1
      }
    }
    out += `${out && ' '}${printed}`
    i = same
  }
  return out
}

function printPiece(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return quoted(piece.text)
    case 'chars':
      return printSet(piece.set)
    case 'rule':
      return piece.name
    case 'repeat':
      return printPiece(piece.of) + printCounts(piece.min, piece.max)
  }
}

function printCounts(min: number, max: number): string {
  if (min === 1 && max === 1) return ''
  if (min === 0 && max === 1) return '?'
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  return min === max ? `{${min}}` : `{${min},${max}}`
}

function isPossible(piece: Piece, rules: ReadonlyMap<string, unknown>): boolean {
  const name = ruleOf(piece)
  return (name === undefined || rules.has(name)) && !(piece.kind === 'repeat' && piece.max === 0)
}

function ruleOf(piece: Piece): string | undefined {
  if (piece.kind === 'rule') return piece.name
  return piece.kind === 'repeat' ? ruleOf(piece.of) : undefined
}

function quoted(text: string): string {
  let out = ''
  for (const character of text) {
    if (character === '"' || character === '\\') out += `\\${character}`
    else out += isPlain(character.codePointAt(0)!) ? character : hex(character.codePointAt(0)!)
  }
  return `"${out}"`
}

function printSet(set: CodePoints): string {
  const member = (code: number): string => {
    const character = String.fromCodePoint(code)
    // Only "]", "\", "-" mean something inside brackets, and "^" at their start.
    if (character === '^') return hex(code)
    return ']\\-'.includes(character) ? `\\${character}` : isPlain(code) && code < 0x7f ? character : hex(code)
  }
  const ranges = set.map(([first, last]) => (first === last ? member(first) : `${member(first)}-${member(last)}`))
  return `[${ranges.join('')}]`
}

/**
 * Letters and signs stand for themselves; blanks other than the space, controls and the rest are written as numbers.
 */
function isPlain(code: number): boolean {
  if (code < 0x7f) return code >= 0x20
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(code))
}

function hex(code: number): string {
  const digits = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}
