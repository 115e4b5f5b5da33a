import { JinjaError } from './error.ts'

export type TokenType =
  | 'data'
  | 'block-begin'
  | 'block-end'
  | 'variable-begin'
  | 'variable-end'
  | 'name'
  | 'integer'
  | 'float'
  | 'string'
  | 'operator'
  | 'end'

export interface Token {
  readonly type: TokenType
  /** The text of a name or operator, the value of a string, the digits of a number. */
  readonly value: string
  readonly line: number
}

const operators = ['**', '//', '==', '!=', '>=', '<=', ...'+-/*%~[](){}<>=.:|,;']
const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
const patterns = {
  space: /\s+/y,
  float: /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy,
  integer: /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[0-9a-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy,
  name: /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy,
  string: /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y,
  blockEnd: /\+%\}|-%\}\s*|%\}\n?/y,
  variableEnd: /-\}\}\s*|\}\}/y,
  commentEnd: /\+#\}|-#\}\s*|#\}\n?/g,
  rawBegin: /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y,
  rawEnd: /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\}\n?)/g,
}

/**
 * Cuts a template into tokens as Jinja does with trim_blocks and lstrip_blocks, the settings chat templates are
 * written for (Hugging Face transformers, utils/chat_template_utils.py).
 * @throws JinjaError
 */
export function tokenize(source: string): Token[] {
  return new Lexer(source).run()
}

class Lexer {
  readonly #source: string
  readonly #tokens: Token[] = []
  #at = 0
  #line = 1
  #countedTo = 0
  /** The text before ended a line, so white space up to a block is its indentation. */
  #lineStarts = true

  constructor(source: string) {
    // One line break at the very end does not count.
    this.#source = source.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  }

  run(): Token[] {
    for (;;) {
      const open = this.#nextTag()
      if (open < 0) {
        this.#text(this.#source.slice(this.#at))
        this.#add('end', '')
        return this.#tokens
      }
      const kind = this.#source[open + 1]
      this.#text(this.#before(open, kind !== '{'))
      this.#at = open
      if (kind === '#') this.#comment()
      else if (kind === '%') this.#rawOrBlock()
      else this.#tag('variable-begin', 'variable-end', patterns.variableEnd)
    }
  }

  #nextTag(): number {
    const tag = /\{[{%#]/g
    tag.lastIndex = this.#at
    return tag.exec(this.#source)?.index ?? -1
  }

  /** The text up to a tag, without the white space that the tag eats. */
  #before(open: number, isBlock: boolean): string {
    const text = this.#source.slice(this.#at, open)
    const sign = this.#source[open + 2]
    if (sign === '-') return text.trimEnd()
    if (!isBlock || sign === '+') return text
    const line = text.lastIndexOf('\n') + 1
    if (line === 0 && !this.#lineStarts) return text
    return text.slice(line).trim() === '' ? text.slice(0, line) : text
  }

  #text(text: string): void {
    if (text !== '') this.#add('data', text)
  }

  #comment(): void {
    patterns.commentEnd.lastIndex = this.#at + 2
    const end = patterns.commentEnd.exec(this.#source)
    if (end) this.#moveBehind(end.index, end[0])
    else if (this.#source.slice(this.#at + 2).trim() === '') this.#at = this.#source.length
    else throw this.#error('Missing end of comment tag')
  }

  #rawOrBlock(): void {
    const begin = this.#match(patterns.rawBegin)
    if (begin === undefined) {
      this.#tag('block-begin', 'block-end', patterns.blockEnd)
      return
    }
    const start = this.#at + begin.length
    patterns.rawEnd.lastIndex = start
    const end = patterns.rawEnd.exec(this.#source)
    if (!end) throw this.#error('Missing end of raw directive')
    const text = this.#source.slice(start, end.index)
    this.#text(end[1] === '-' ? text.trimEnd() : text)
    this.#moveBehind(end.index, end[0])
  }

  #moveBehind(index: number, text: string): void {
    this.#at = index + text.length
    this.#lineStarts = text.endsWith('\n')
  }

  /** Reads a whole tag. A closing `}}` inside a dictionary does not end it. */
  #tag(begin: TokenType, end: TokenType, endPattern: RegExp): void {
    this.#add(begin, '')
    this.#at += 2
    if (this.#source[this.#at] === '-' || this.#source[this.#at] === '+') this.#at++
    const open: string[] = []
    for (;;) {
      this.#at += this.#match(patterns.space)?.length ?? 0
      if (this.#at >= this.#source.length) throw this.#error('unexpected end of template')
      const closed = open.length === 0 ? this.#match(endPattern) : undefined
      if (closed !== undefined) {
        this.#add(end, '')
        this.#moveBehind(this.#at, closed)
        return
      }
      this.#token(open)
    }
  }

  #token(open: string[]): void {
    for (const type of ['float', 'integer', 'name', 'string'] as const) {
      const text = this.#match(patterns[type])
      if (text === undefined) continue
      this.#add(type, type === 'string' ? pythonText(text.slice(1, -1)) : text)
      this.#at += text.length
      return
    }
    const operator = operators.find(candidate => this.#source.startsWith(candidate, this.#at))
    if (operator === undefined) throw this.#error(`unexpected char '${this.#source[this.#at]}' at ${this.#at}`)
    if ('([{'.includes(operator)) open.push(operator)
    else if (operator in closing && open.pop() !== closing[operator]) throw this.#error(`unexpected '${operator}'`)
    this.#add('operator', operator)
    this.#at += operator.length
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#source)?.[0]
  }

  #add(type: TokenType, value: string): void {
    this.#tokens.push({ type, value, line: this.#lineNow() })
  }

  #error(text: string): JinjaError {
    return new JinjaError(`${text} (line ${this.#lineNow()})`)
  }

  #lineNow(): number {
    for (; this.#countedTo < this.#at; this.#countedTo++) if (this.#source[this.#countedTo] === '\n') this.#line++
    return this.#line
  }
}

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

/** Python's escapes in a string literal; a backslash before anything else stays. */
function pythonText(text: string): string {
  if (!text.includes('\\')) return text
  const pattern = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g
  return text.replace(pattern, (all, byte, short, long, octal, character) => {
    if (character !== undefined) return escapes[character] ?? all
    const code = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(byte ?? short ?? long, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
