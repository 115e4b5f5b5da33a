import { ExpressionParser } from './expression-parser.ts'
import { tokenize } from './lexer.ts'
import type { Body, Expression, MacroStatement, Parameter, Statement, Target } from './nodes.ts'
import { TokenStream } from './token-stream.ts'

/**
 * Parses a template (the grammar of jinja2/parser.py, without inheritance and imports, which chat templates lack).
 * @throws JinjaError with the line
 */
export function parseTemplate(source: string): Body {
  return new Parser(new TokenStream(tokenize(source))).parse()
}

class Parser {
  readonly #tokens: TokenStream
  readonly #expressions: ExpressionParser

  constructor(tokens: TokenStream) {
    this.#tokens = tokens
    this.#expressions = new ExpressionParser(tokens)
  }

  parse(): Body {
    const body = this.#body([])
    if (this.#tokens.peek().type !== 'end') throw this.#tokens.unexpected()
    return body
  }

  /** Statements up to a block tag with one of the names, which is left open behind its name. */
  #body(ends: readonly string[]): Body {
    const body: Statement[] = []
    for (;;) {
      const token = this.#tokens.peek()
      if (token.type === 'data') {
        body.push({ type: 'data', text: token.value })
        this.#tokens.skip()
      } else if (token.type === 'variable-begin') {
        this.#tokens.skip()
        body.push({ type: 'output', value: this.#expressions.tuple() })
        this.#tokens.expect('variable-end')
      } else if (token.type === 'block-begin') {
        if (ends.includes(this.#tokens.peekSecond()?.value ?? '')) return body
        this.#tokens.skip()
        body.push(this.#tokens.deeper(() => this.#statement()))
      } else if (ends.length > 0) throw this.#tokens.error(`Unexpected end of template, expected ${ends.join(' or ')}`)
      else return body
    }
  }

  /** The body of a block up to its end tag, which is taken. */
  #block(...ends: readonly string[]): Body {
    const body = this.#body(ends)
    this.#tokens.skip(2)
    this.#tokens.expect('block-end')
    return body
  }

  #statement(): Statement {
    const { value: keyword } = this.#tokens.expect('name')
    switch (keyword) {
      case 'for':
        return this.#for()
      case 'if':
        return this.#if()
      case 'set':
        return this.#set()
      case 'with':
        return this.#with()
      case 'macro': {
        const { value: name } = this.#tokens.expect('name')
        return this.#macro(name, 'endmacro')
      }
      case 'call':
        return this.#callBlock()
      case 'filter': {
        const filters = this.#expressions.filters(this.#expressions.filter())
        this.#tokens.expect('block-end')
        return { type: 'filter-block', filters, body: this.#block('endfilter') }
      }
      case 'generation':
        this.#tokens.expect('block-end')
        return { type: 'generation', body: this.#block('endgeneration') }
      case 'break':
      case 'continue':
        this.#tokens.expect('block-end')
        return { type: keyword }
      default:
        throw this.#tokens.error(`Encountered unknown tag '${keyword}'.`)
    }
  }

  #for(): Statement {
    const target = this.#target(false)
    if (!this.#tokens.takeName('in')) throw this.#tokens.unexpected()
    const iterable = this.#expressions.tuple(false)
    const test = this.#tokens.takeName('if') ? this.#expressions.expression() : undefined
    const recursive = this.#tokens.takeName('recursive')
    this.#tokens.expect('block-end')
    const body = this.#body(['else', 'endfor'])
    const otherwise = this.#otherwise('endfor')
    return { type: 'for', target, iterable, test, recursive, body, otherwise }
  }

  /** What follows `{% else %}` up to the end tag; nothing when the end tag comes at once. */
  #otherwise(end: string): Body {
    this.#tokens.skip()
    const hasElse = this.#tokens.takeName('else')
    if (!hasElse) this.#tokens.skip()
    this.#tokens.expect('block-end')
    return hasElse ? this.#block(end) : []
  }

  #if(): Statement {
    const test = this.#expressions.tuple(false)
    this.#tokens.expect('block-end')
    const body = this.#body(['elif', 'else', 'endif'])
    if (this.#tokens.peekSecond()!.value !== 'elif')
      return { type: 'if', test, body, otherwise: this.#otherwise('endif') }
    this.#tokens.skip(2)
    return { type: 'if', test, body, otherwise: [this.#tokens.deeper(() => this.#if())] }
  }

  #set(): Statement {
    const target = this.#target(true)
    if (this.#tokens.takeOperator('=')) {
      const value = this.#expressions.tuple()
      this.#tokens.expect('block-end')
      return { type: 'set', target, value }
    }
    const filters = this.#expressions.filters()
    this.#tokens.expect('block-end')
    return { type: 'set-block', target, filters, body: this.#block('endset') }
  }

  #with(): Statement {
    const names: [Target, Expression][] = []
    while (this.#tokens.peek().type !== 'block-end') {
      if (names.length > 0) this.#tokens.expectOperator(',')
      const target = this.#target(false)
      this.#tokens.expectOperator('=')
      names.push([target, this.#expressions.expression()])
    }
    this.#tokens.expect('block-end')
    return { type: 'with', names, body: this.#block('endwith') }
  }

  #macro(name: string, end: string): MacroStatement {
    const parameters = this.#tokens.isOperator('(') ? this.#parameters() : []
    this.#tokens.expect('block-end')
    return { type: 'macro', name, parameters, body: this.#block(end) }
  }

  #callBlock(): Statement {
    const parameters = this.#tokens.isOperator('(') ? this.#parameters() : []
    const call = this.#expressions.expression()
    if (call.type !== 'call') throw this.#tokens.error('expected call')
    this.#tokens.expect('block-end')
    return {
      type: 'call-block',
      call,
      caller: { type: 'macro', name: 'caller', parameters, body: this.#block('endcall') },
    }
  }

  #parameters(): Parameter[] {
    const parameters: Parameter[] = []
    this.#tokens.expectOperator('(')
    while (!this.#tokens.takeOperator(')')) {
      if (parameters.length > 0) this.#tokens.expectOperator(',')
      const { value: name } = this.#tokens.expect('name')
      parameters.push({ name, fallback: this.#tokens.takeOperator('=') ? this.#expressions.expression() : undefined })
    }
    return parameters
  }

  /** @param withNamespace `ns.x` may be assigned to */
  #target(withNamespace: boolean): Target {
    const items: Target[] = []
    let isTuple = false
    do {
      if (items.length > 0 && !this.#isTargetStart()) break
      items.push(this.#targetItem(withNamespace))
      if (this.#tokens.isOperator(',')) isTuple = true
    } while (this.#tokens.takeOperator(','))
    return isTuple ? { type: 'tuple', items } : items[0]!
  }

  #isTargetStart(): boolean {
    return this.#tokens.isOperator('(') || (this.#tokens.peek().type === 'name' && this.#tokens.peek().value !== 'in')
  }

  #targetItem(withNamespace: boolean): Target {
    if (this.#tokens.takeOperator('(')) {
      const inside = this.#tokens.deeper(() => this.#target(withNamespace))
      this.#tokens.expectOperator(')')
      return inside
    }
    const { value: name } = this.#tokens.expect('name')
    if (!withNamespace || !this.#tokens.takeOperator('.')) return { type: 'name', name }
    return { type: 'namespace-attribute', name, attribute: this.#tokens.expect('name').value }
  }
}
