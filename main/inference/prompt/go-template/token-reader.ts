import { type Token, type TokenType, tokenName } from './lexer.ts'

/** What is wrong with a template's text, in Go's words: `template: :1: function "x" not defined`. */
export class TemplateParseError extends Error {
  override readonly name = 'TemplateParseError'
}

/** Go allows 10,000; a tree this deep would overflow our stack, and no person writes one a tenth as deep. */
const maxDepth = 400

/** The tokens of a template, how far they are read, and the errors about them. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  /** Index of the next token; set back to read again. */
  next = 0
  /** The furthest token looked at: errors are reported on its line. */
  #furthest = 0
  #depth = 0
  /** Line of the action being read, 0 outside of one. */
  actionLine = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  deeper<T>(read: () => T): T {
    if (this.#depth >= maxDepth) this.fail('max expression depth exceeded')
    this.#depth++
    const result = read()
    this.#depth--
    return result
  }

  peek(): Token {
    this.#furthest = Math.max(this.#furthest, Math.min(this.next, this.#tokens.length - 1))
    return this.#tokens[this.next] ?? this.#tokens.at(-1)!
  }

  take(): Token {
    const token = this.peek()
    this.next++
    return token
  }

  takeNonSpace(): Token {
    this.peekNonSpace()
    return this.take()
  }

  peekNonSpace(): Token {
    while (this.peek().type === 'space') this.next++
    return this.peek()
  }

  expect(type: TokenType, context: string): Token {
    const token = this.takeNonSpace()
    return token.type === type ? token : this.unexpected(token, context)
  }

  unexpected(token: Token, context: string): never {
    if (token.type !== 'error') return this.fail(`unexpected ${tokenName(token)} in ${context}`)
    const elsewhere = this.actionLine !== 0 && this.actionLine !== token.line
    const subject = token.value.endsWith(' action') ? '' : ' in action'
    return this.fail(token.value + (elsewhere ? `${subject} started at :${this.actionLine}` : ''))
  }

  fail(complaint: string): never {
    throw new TemplateParseError(`template: :${this.#tokens[this.#furthest]!.line}: ${complaint}`)
  }
}

export function isKeyword(token: Token, word: string): boolean {
  return token.type === 'keyword' && token.value === word
}
