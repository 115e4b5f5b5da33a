import { JinjaError } from './error.ts'
import type { Token, TokenType } from './lexer.ts'

/** A tree this deep would overflow the stack when it is walked; no template of a model has a tenth of it. */
const maxDepth = 200

/** The tokens of a template and how far they are read. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** Moves past some tokens. */
  skip(count = 1): void {
    this.#next += count
  }

  /** The token behind the next. */
  peekSecond(): Token | undefined {
    return this.#tokens[this.#next + 1]
  }

  /** Reads something nested. @throws JinjaError when it nests too deep */
  deeper<T>(read: () => T): T {
    if (++this.#depth > maxDepth) throw this.error('the template nests too deep')
    const result = read()
    this.#depth--
    return result
  }

  /** The next token, which stays. */
  peek(): Token {
    return this.#tokens[this.#next] ?? this.#tokens.at(-1)!
  }

  isOperator(value: string): boolean {
    const token = this.peek()
    return token.type === 'operator' && token.value === value
  }

  isName(value: string): boolean {
    const token = this.peek()
    return token.type === 'name' && token.value === value
  }

  takeOperator(value: string): boolean {
    if (!this.isOperator(value)) return false
    this.#next++
    return true
  }

  takeName(value: string): boolean {
    if (!this.isName(value)) return false
    this.#next++
    return true
  }

  expect(type: TokenType): Token {
    const token = this.peek()
    if (token.type !== type) throw this.unexpected(type)
    this.#next++
    return token
  }

  expectOperator(value: string): void {
    if (!this.takeOperator(value)) throw this.unexpected(value)
  }

  unexpected(wanted?: string): JinjaError {
    const { type, value } = this.peek()
    const found = type === 'end' ? 'end of template' : type === 'operator' || type === 'name' ? value : type
    return this.error(wanted ? `expected token '${wanted}', got '${found}'` : `unexpected '${found}'`)
  }

  error(text: string): JinjaError {
    return new JinjaError(`${text} (line ${this.peek().line})`)
  }
}
