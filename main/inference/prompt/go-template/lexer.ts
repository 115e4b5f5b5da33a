import { goQuote } from '../../../go/text.ts'
import { unicodeName } from './quote.ts'

export type TokenType =
  | 'error'
  | 'bool'
  | 'char'
  | 'rune'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'left-delimiter'
  | 'left-paren'
  | 'number'
  | 'pipe'
  | 'raw-string'
  | 'right-delimiter'
  | 'right-paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | 'dot'
  | 'keyword'

export interface Token {
  readonly type: TokenType
  /** The source text, quotes included; for an error the complaint. */
  readonly value: string
  /** Offset in UTF-16 units. */
  readonly at: number
  /** Line the token starts on, from 1. */
  readonly line: number
}

const keywords = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
])
const wordCharacter = /[\p{L}\p{Nd}_]/u
const endsOperand = new Set([' ', '\t', '\r', '\n', '', '.', ',', '|', ':', ')', '('])
const digitSets: Record<string, RegExp> = {
  x: /[0-9a-fA-F_]*/y,
  o: /[0-7_]*/y,
  b: /[01_]*/y,
  '': /[0-9_]*/y,
}

/**
 * Cuts a template into tokens (Go's text/template/parse). A fault becomes a last token of type `error`, so that the
 * parser can complain about what stands before it first.
 */
export function tokenize(source: string): Token[] {
  return new Lexer(source).run()
}

/** How a token is named in an error (Go's item.String). */
export function tokenName(token: Token): string {
  if (token.type === 'eof') return 'EOF'
  if (token.type === 'error') return token.value
  if (token.type === 'keyword' || token.type === 'dot') return `<${token.value}>`
  const characters = [...token.value.slice(0, 24)]
  // Go measures the length in bytes, and cuts at ten characters.
  return Buffer.byteLength(token.value) > 10 ? `${goQuote(characters.slice(0, 10).join(''))}...` : goQuote(token.value)
}

class Lexer {
  readonly #source: string
  readonly #tokens: Token[] = []
  #start = 0
  #at = 0
  #parens = 0
  #line = 1
  #countedTo = 0

  constructor(source: string) {
    this.#source = source
  }

  run(): Token[] {
    let failed = false
    while (!failed) {
      const open = this.#source.indexOf('{{', this.#at)
      this.#text(open < 0 ? this.#source.length : open, open)
      if (open < 0) break
      failed = !this.#action()
    }
    if (!failed) {
      this.#start = this.#source.length
      this.#emit('eof', 'EOF')
    }
    return this.#tokens
  }

  /** Emits the text up to `end`, without the white space that `{{- ` eats. */
  #text(end: number, open: number): void {
    const trims = open >= 0 && this.#source[open + 2] === '-' && isSpace(this.#source[open + 3])
    let kept = end
    if (trims) while (kept > this.#at && isSpace(this.#source[kept - 1])) kept--
    this.#start = this.#at
    if (kept > this.#at) this.#emit('text', this.#source.slice(this.#at, kept))
    this.#at = end
  }

  /** Reads one action or comment whose `{{` is next; false when it is faulty. */
  #action(): boolean {
    this.#start = this.#at
    const trims = this.#source[this.#at + 2] === '-' && isSpace(this.#source[this.#at + 3])
    const inside = this.#at + (trims ? 4 : 2)
    if (this.#source.startsWith('/*', inside)) return this.#comment(inside)
    this.#emit('left-delimiter', '{{')
    this.#at = inside
    this.#parens = 0
    for (;;) {
      this.#start = this.#at
      if (this.#closes()) {
        if (this.#parens > 0) return this.#fail('unclosed left paren')
        this.#close()
        return true
      }
      if (!this.#operand()) return false
    }
  }

  #comment(inside: number): boolean {
    this.#start = inside
    const end = this.#source.indexOf('*/', inside + 2)
    if (end < 0) return this.#fail('unclosed comment')
    this.#at = end + 2
    if (!this.#closes()) return this.#fail('comment ends before closing delimiter')
    this.#close(false)
    return true
  }

  /** Whether `}}` or ` -}}` is next. */
  #closes(): boolean {
    return this.#trimsAfter() || this.#source.startsWith('}}', this.#at)
  }

  #trimsAfter(): boolean {
    return isSpace(this.#source[this.#at]) && this.#source.startsWith('-}}', this.#at + 1)
  }

  #close(emit = true): void {
    const trims = this.#trimsAfter()
    if (trims) this.#at += 2
    this.#start = this.#at
    this.#at += 2
    if (emit) this.#emit('right-delimiter', '}}')
    if (trims) while (isSpace(this.#source[this.#at])) this.#at++
  }

  /** Reads one token inside an action. */
  #operand(): boolean {
    const character = this.#peek()
    if (character === '') return this.#fail('unclosed action')
    if (isSpace(character)) return this.#space()
    switch (character) {
      case '=':
        return this.#take(1, 'assign')
      case ':':
        this.#at++
        return this.#peek() === '=' ? this.#take(1, 'declare') : this.#fail('expected :=')
      case '|':
        return this.#take(1, 'pipe')
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string')
      case "'":
        return this.#quoted("'", 'rune', 'unterminated character constant')
      case '`': {
        const end = this.#source.indexOf('`', this.#at + 1)
        if (end < 0) return this.#fail('unterminated raw quoted string')
        return this.#take(end + 1 - this.#at, 'raw-string')
      }
      case '$':
        return this.#fieldOrVariable('variable')
      case '(':
        this.#parens++
        return this.#take(1, 'left-paren')
      case ')':
        this.#parens--
        if (this.#parens < 0) return this.#fail('unexpected right paren')
        return this.#take(1, 'right-paren')
    }
    if (character === '.' && /[^0-9]/.test(this.#source[this.#at + 1] ?? '')) return this.#fieldOrVariable('field')
    if (/[.+\-0-9]/.test(character)) return this.#number()
    if (wordCharacter.test(character)) return this.#word()
    if (/[\x20-\x7e]/.test(character)) return this.#take(1, 'char')
    return this.#fail(`unrecognized character in action: ${unicodeName(character)}`)
  }

  #space(): boolean {
    while (isSpace(this.#peek()) && !this.#trimsAfter()) this.#at++
    return this.#emit('space')
  }

  #quoted(delimiter: string, type: TokenType, complaint: string): boolean {
    this.#at++
    for (;;) {
      const character = this.#peek()
      if (character === '\\' && !['', '\n'].includes(this.#source[this.#at + 1] ?? '')) this.#at += 2
      else if (character === '' || character === '\n' || character === '\\') return this.#fail(complaint)
      else if (character === delimiter) return this.#take(1, type)
      else this.#at += character.length
    }
  }

  #fieldOrVariable(type: 'field' | 'variable'): boolean {
    this.#at++
    if (this.#atTerminator()) return this.#emit(type === 'field' ? 'dot' : type)
    this.#skipWord()
    if (!this.#atTerminator()) return this.#fail(`bad character ${unicodeName(this.#peek())}`)
    return this.#emit(type)
  }

  #word(): boolean {
    this.#skipWord()
    if (!this.#atTerminator()) return this.#fail(`bad character ${unicodeName(this.#peek())}`)
    const word = this.#source.slice(this.#start, this.#at)
    if (keywords.has(word)) return this.#emit('keyword')
    return this.#emit(word === 'true' || word === 'false' ? 'bool' : 'identifier')
  }

  #number(): boolean {
    if (/[+-]/.test(this.#peek())) this.#at++
    const prefix = /0([xXoObB])/y
    prefix.lastIndex = this.#at
    const base = prefix.exec(this.#source)?.[1]?.toLowerCase() ?? ''
    if (base) this.#at += 2
    this.#skip(digitSets[base]!)
    if (this.#peek() === '.') {
      this.#at++
      this.#skip(digitSets[base]!)
    }
    if (base === '') this.#skip(/(?:[eE][+-]?[0-9_]*)?/y)
    if (base === 'x') this.#skip(/(?:[pP][+-]?[0-9_]*)?/y)
    // Complex constants (1i, 1+2i) are the one part of Go's numbers left out: no template computes with them.
    this.#skip(/i?/y)
    const next = this.#peek()
    if (wordCharacter.test(next) || next === '+' || next === '-') {
      this.#at += next.length
      if (next === '+' || next === '-') this.#skip(/[0-9.eExX_]*/y)
      return this.#fail(`bad number syntax: ${goQuote(this.#source.slice(this.#start, this.#at))}`)
    }
    return this.#emit('number')
  }

  #atTerminator(): boolean {
    return endsOperand.has(this.#peek()) || this.#source.startsWith('}}', this.#at)
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at
    this.#at += pattern.exec(this.#source)?.[0].length ?? 0
  }

  #skipWord(): void {
    for (;;) {
      const character = this.#peek()
      if (character === '' || !wordCharacter.test(character)) return
      this.#at += character.length
    }
  }

  /** The next character, whole when it needs two UTF-16 units; empty at the end. */
  #peek(): string {
    const code = this.#source.codePointAt(this.#at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  #take(length: number, type: TokenType): boolean {
    this.#at += length
    return this.#emit(type)
  }

  #emit(type: TokenType, value = this.#source.slice(this.#start, this.#at)): true {
    this.#tokens.push({ type, value, at: this.#start, line: this.#lineOf(this.#start) })
    return true
  }

  #fail(complaint: string): false {
    this.#tokens.push({ type: 'error', value: complaint, at: this.#start, line: this.#lineOf(this.#start) })
    return false
  }

  /** Line of an offset; offsets only grow, so each newline is counted once. */
  #lineOf(offset: number): number {
    for (; this.#countedTo < offset; this.#countedTo++) if (this.#source[this.#countedTo] === '\n') this.#line++
    return this.#line
  }
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n'
}
