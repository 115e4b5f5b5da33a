import type { Arguments, BinaryOperator, CallExpression, Comparison, Expression, Filter } from './nodes.ts'
import type { TokenStream } from './token-stream.ts'

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>='])

/** Reads expressions: the methods stand from the loosest binding to the tightest, as in jinja2/parser.py. */
export class ExpressionParser {
  readonly #tokens: TokenStream

  constructor(tokens: TokenStream) {
    this.#tokens = tokens
  }

  /** `a, b` is a tuple where commas are not taken by the surroundings. */
  tuple(withConditional = true): Expression {
    const items: Expression[] = []
    let isTuple = false
    do {
      if (items.length > 0 && this.#endsTuple()) break
      items.push(withConditional ? this.expression() : this.or())
      if (this.#tokens.isOperator(',')) isTuple = true
    } while (this.#tokens.takeOperator(','))
    return isTuple ? { type: 'tuple', items } : items[0]!
  }

  #endsTuple(): boolean {
    const { type } = this.#tokens.peek()
    return type === 'variable-end' || type === 'block-end' || this.#tokens.isOperator(')')
  }

  expression(): Expression {
    return this.#tokens.deeper(() => {
      let value = this.or()
      while (this.#tokens.takeName('if')) {
        const test = this.or()
        const otherwise = this.#tokens.takeName('else') ? this.expression() : undefined
        value = { type: 'conditional', test, value, otherwise }
      }
      return value
    })
  }

  or(): Expression {
    let left = this.#and()
    while (this.#tokens.takeName('or')) left = { type: 'or', left, right: this.#and() }
    return left
  }

  #and(): Expression {
    let left = this.#not()
    while (this.#tokens.takeName('and')) left = { type: 'and', left, right: this.#not() }
    return left
  }

  #not(): Expression {
    if (this.#tokens.isName('not')) {
      this.#tokens.skip()
      return { type: 'not', value: this.#tokens.deeper(() => this.#not()) }
    }
    return this.#compare()
  }

  #compare(): Expression {
    const first = this.#sum()
    const rest: [Comparison, Expression][] = []
    for (;;) {
      const { type, value } = this.#tokens.peek()
      if (type === 'operator' && comparisons.has(value)) {
        this.#tokens.skip()
        rest.push([value as Comparison, this.#sum()])
      } else if (this.#tokens.takeName('in')) rest.push(['in', this.#sum()])
      else if (this.#tokens.isName('not') && this.#tokens.peekSecond()?.value === 'in') {
        this.#tokens.skip(2)
        rest.push(['not in', this.#sum()])
      } else return rest.length > 0 ? { type: 'compare', first, rest } : first
    }
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#concat())
  }

  #concat(): Expression {
    const parts = [this.#product()]
    while (this.#tokens.takeOperator('~')) parts.push(this.#product())
    return parts.length > 1 ? { type: 'concat', parts } : parts[0]!
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], () => this.#power())
  }

  #power(): Expression {
    return this.#binary(['**'], () => this.#unary(true))
  }

  #binary(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand()
    for (;;) {
      const operator = operators.find(candidate => this.#tokens.isOperator(candidate))
      if (!operator) return left
      this.#tokens.skip()
      left = { type: 'binary', operator, left, right: operand() }
    }
  }

  #unary(withFilter: boolean): Expression {
    const { type, value } = this.#tokens.peek()
    let expression: Expression
    if (type === 'operator' && (value === '-' || value === '+')) {
      this.#tokens.skip()
      expression = { type: 'unary', operator: value, value: this.#tokens.deeper(() => this.#unary(false)) }
    } else expression = this.#postfix(this.#primary())
    return withFilter ? this.#filtersAndTests(expression) : expression
  }

  #primary(): Expression {
    const token = this.#tokens.peek()
    this.#tokens.skip()
    switch (token.type) {
      case 'name':
        return nameOrConstant(token.value)
      case 'integer':
        return { type: 'constant', value: Number(token.value.replaceAll('_', '').toLowerCase()) }
      case 'float':
        return { type: 'float', value: Number(token.value.replaceAll('_', '')) }
      case 'string': {
        let text = token.value
        // Strings that stand side by side are one.
        for (; this.#tokens.peek().type === 'string'; this.#tokens.skip()) text += this.#tokens.peek().value
        return { type: 'constant', value: text }
      }
      case 'operator':
        if (token.value === '(') return this.#tokens.deeper(() => this.#parenthesised())
        if (token.value === '[') return this.#tokens.deeper(() => ({ type: 'list', items: this.#items(']') }))
        if (token.value === '{') return this.#tokens.deeper(() => this.#dict())
    }
    this.#tokens.skip(-1)
    throw this.#tokens.unexpected()
  }

  #parenthesised(): Expression {
    if (this.#tokens.takeOperator(')')) return { type: 'tuple', items: [] }
    const inside = this.tuple()
    this.#tokens.expectOperator(')')
    return inside
  }

  #items(close: string): Expression[] {
    const items: Expression[] = []
    while (!this.#tokens.takeOperator(close)) {
      if (items.length > 0) this.#tokens.expectOperator(',')
      if (this.#tokens.takeOperator(close)) break
      items.push(this.expression())
    }
    return items
  }

  #dict(): Expression {
    const entries: [Expression, Expression][] = []
    while (!this.#tokens.takeOperator('}')) {
      if (entries.length > 0) this.#tokens.expectOperator(',')
      if (this.#tokens.takeOperator('}')) break
      const key = this.expression()
      this.#tokens.expectOperator(':')
      entries.push([key, this.expression()])
    }
    return { type: 'dict', entries }
  }

  #postfix(start: Expression): Expression {
    let expression = start
    for (;;) {
      if (this.#tokens.takeOperator('.')) {
        const token = this.#tokens.peek()
        this.#tokens.skip()
        if (token.type === 'name') expression = { type: 'attribute', object: expression, name: token.value }
        else if (token.type === 'integer') {
          expression = { type: 'item', object: expression, key: { type: 'constant', value: Number(token.value) } }
        } else throw this.#tokens.error(`expected name or number`)
      } else if (this.#tokens.takeOperator('[')) expression = this.#subscript(expression)
      else if (this.#tokens.isOperator('(')) expression = this.#call(expression)
      else return expression
    }
  }

  #subscript(object: Expression): Expression {
    const start = this.#tokens.isOperator(':') ? undefined : this.tuple()
    if (!this.#tokens.isOperator(':')) {
      this.#tokens.expectOperator(']')
      return { type: 'item', object, key: start! }
    }
    this.#tokens.skip()
    const bound = () => (this.#tokens.isOperator(':') || this.#tokens.isOperator(']') ? undefined : this.expression())
    const stop = bound()
    const step = this.#tokens.takeOperator(':') ? bound() : undefined
    this.#tokens.expectOperator(']')
    return { type: 'slice', object, start, stop, step }
  }

  #call(callee: Expression): CallExpression {
    return { type: 'call', callee, args: this.#arguments() }
  }

  #arguments(): Arguments {
    const positional: { value: Expression; spread: boolean }[] = []
    const named: [string, Expression][] = []
    let namedSpread: Expression | undefined
    this.#tokens.expectOperator('(')
    for (let first = true; !this.#tokens.takeOperator(')'); first = false) {
      if (!first) this.#tokens.expectOperator(',')
      if (!first && this.#tokens.takeOperator(')')) break
      if (this.#tokens.takeOperator('**')) namedSpread = this.expression()
      else if (this.#tokens.takeOperator('*')) positional.push({ value: this.expression(), spread: true })
      else if (
        this.#tokens.peek().type === 'name' &&
        this.#tokens.peekSecond()?.value === '=' &&
        this.#tokens.peekSecond()!.type === 'operator'
      ) {
        const { value: name } = this.#tokens.expect('name')
        this.#tokens.skip()
        named.push([name, this.expression()])
      } else positional.push({ value: this.expression(), spread: false })
    }
    return { positional, named, namedSpread }
  }

  #filtersAndTests(start: Expression): Expression {
    let expression = start
    for (;;) {
      if (this.#tokens.isOperator('|')) {
        this.#tokens.skip()
        expression = { type: 'filter', value: expression, filter: this.filter() }
      } else if (this.#tokens.isName('is')) {
        this.#tokens.skip()
        expression = this.#test(expression)
      } else if (this.#tokens.isOperator('(')) expression = this.#call(expression)
      else return expression
    }
  }

  filter(): Filter {
    const name = this.#dottedName()
    return { name, args: this.#tokens.isOperator('(') ? this.#arguments() : noArguments }
  }

  /** Filters that follow one another, each behind a `|`. */
  filters(...filters: Filter[]): Filter[] {
    while (this.#tokens.takeOperator('|')) filters.push(this.filter())
    return filters
  }

  #test(value: Expression): Expression {
    const negated = this.#tokens.takeName('not')
    const name = this.#dottedName()
    let args = noArguments
    if (this.#tokens.isOperator('(')) args = this.#arguments()
    else if (this.#startsTestArgument()) {
      if (this.#tokens.isName('is')) throw this.#tokens.error('You cannot chain multiple tests with is')
      args = { positional: [{ value: this.#postfix(this.#primary()), spread: false }], named: [] }
    }
    return { type: 'test', value, name, args, negated }
  }

  #startsTestArgument(): boolean {
    const { type, value } = this.#tokens.peek()
    if (type === 'name') return !['else', 'or', 'and'].includes(value)
    return type === 'string' || type === 'integer' || type === 'float' || (type === 'operator' && '[{'.includes(value))
  }

  #dottedName(): string {
    let { value: name } = this.#tokens.expect('name')
    while (this.#tokens.takeOperator('.')) name += `.${this.#tokens.expect('name').value}`
    return name
  }
}

const noArguments: Arguments = { positional: [], named: [] }

const constants: Record<string, boolean | null> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
}

function nameOrConstant(name: string): Expression {
  return Object.hasOwn(constants, name) ? { type: 'constant', value: constants[name]! } : { type: 'name', name }
}
