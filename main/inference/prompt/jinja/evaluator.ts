import { JinjaError } from './error.ts'
import { type FilterContext, filters } from './filters.ts'
import { loopState } from './loop.ts'
import { attribute, item, slice } from './members.ts'
import type { Arguments, Body, Expression, Filter, ForStatement, MacroStatement, Statement, Target } from './nodes.ts'
import { binary, compares, unary } from './operators.ts'
import { Scope } from './scope.ts'
import { tests } from './tests.ts'
import {
  type CallArguments,
  Callable,
  type Dict,
  Float,
  isKey,
  isTrue,
  iterate,
  LoopState,
  Namespace,
  orElse,
  str,
  Tuple,
  typeName,
  Undefined,
  use,
  type Value,
} from './values.ts'

/** What keeps a hostile template from holding the process or its memory. */
const limits = {
  /** Evaluated nodes, long texts counting as several: about two seconds. */
  steps: 10_000_000,
  /** Nested blocks, expressions and macros. */
  depth: 1000,
  /** UTF-16 units of output or of one text. */
  length: 64 * 1024 * 1024,
}

type Jump = 'break' | 'continue' | undefined

/**
 * Runs a parsed template (Python's Jinja2 with the settings of transformers' chat templates).
 * @throws JinjaError
 */
export function renderTemplate(
  body: Body,
  variables: ReadonlyMap<string, Value>,
  globals: ReadonlyMap<string, Value>,
): string {
  const scope = new Scope()
  for (const [name, value] of [...globals, ...variables]) scope.set(name, value)
  // Assignments of the template lie above what it was given.
  return new Evaluator().render(body, new Scope(scope))
}

class Evaluator implements FilterContext {
  #steps = 0
  #depth = 0
  #output: string[] = []
  #length = 0

  render(body: Body, scope: Scope): string {
    return this.#capture(() => this.#body(body, scope))
  }

  filter(name: string, value: Value, args: CallArguments): Value {
    const filter = filters.get(name)
    if (!filter) throw new JinjaError(`No filter named '${name}'.`)
    this.#charge(value)
    return this.#charge(filter(value, args, this))
  }

  test(name: string, value: Value, args: CallArguments): boolean {
    const test = tests.get(name)
    if (!test) throw new JinjaError(`No test named '${name}'.`)
    return test(value, args)
  }

  // Statements

  #body(body: Body, scope: Scope): Jump {
    for (const statement of body) {
      const jump = this.#statement(statement, scope)
      if (jump) return jump
    }
    return undefined
  }

  #statement(statement: Statement, scope: Scope): Jump {
    this.#step()
    switch (statement.type) {
      case 'data':
        this.#write(statement.text)
        return undefined
      case 'output':
        this.#write(str(this.#evaluate(statement.value, scope)))
        return undefined
      case 'if':
        return this.#deeper(() =>
          this.#body(isTrue(this.#evaluate(statement.test, scope)) ? statement.body : statement.otherwise, scope),
        )
      case 'for':
        return this.#deeper(() => this.#for(statement, scope, this.#evaluate(statement.iterable, scope), 0))
      case 'set':
        this.#assign(statement.target, this.#evaluate(statement.value, scope), scope)
        return undefined
      case 'set-block': {
        const text = this.#deeper(() => this.#capture(() => this.#body(statement.body, new Scope(scope))))
        this.#assign(statement.target, this.#filtered(text, statement.filters, scope), scope)
        return undefined
      }
      case 'with': {
        const inner = new Scope(scope)
        for (const [target, value] of statement.names) this.#assign(target, this.#evaluate(value, scope), inner)
        return this.#deeper(() => this.#body(statement.body, inner))
      }
      case 'macro':
        scope.set(statement.name, this.#macro(statement, scope))
        return undefined
      case 'call-block': {
        const { callee, args } = statement.call
        const bound = this.#arguments(args, scope)
        const named = new Map([...bound.named, ['caller', this.#macro(statement.caller, scope)] as const])
        this.#write(str(this.#call(this.#evaluate(callee, scope), { positional: bound.positional, named })))
        return undefined
      }
      case 'filter-block': {
        const text = this.#deeper(() => this.#capture(() => this.#body(statement.body, new Scope(scope))))
        this.#write(str(this.#filtered(text, statement.filters, scope)))
        return undefined
      }
      case 'generation':
        return this.#deeper(() => this.#body(statement.body, scope))
      default:
        return statement.type
    }
  }

  #for(statement: ForStatement, scope: Scope, iterable: Value, depth: number): undefined {
    let items = iterate(iterable)
    const { test, target } = statement
    if (test) {
      items = items.filter(candidate => {
        const inner = new Scope(scope)
        this.#assign(target, candidate, inner)
        return isTrue(this.#evaluate(test, inner))
      })
    }
    if (items.length === 0) {
      this.#body(statement.otherwise, scope)
      return undefined
    }
    const recurse = (inner: Value): Value =>
      this.#deeper(() => this.#capture(() => this.#for(statement, scope, inner, depth + 1)))
    let index = 0
    const loop = loopState(items, () => index, depth, statement.recursive ? recurse : undefined)
    for (; index < items.length; index++) {
      this.#step()
      const inner = new Scope(scope)
      inner.set('loop', loop)
      this.#assign(target, items[index]!, inner)
      if (this.#body(statement.body, inner) === 'break') break
    }
    return undefined
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    if (target.type === 'name') {
      scope.set(target.name, value)
      return
    }
    if (target.type === 'namespace-attribute') {
      const namespace = scope.get(target.name)
      if (!(namespace instanceof Namespace)) throw new JinjaError('cannot assign attribute on non-namespace object')
      namespace.attributes.set(target.attribute, value)
      return
    }
    const items = iterate(value)
    const { length } = target.items
    if (items.length > length) throw new JinjaError(`too many values to unpack (expected ${length})`)
    if (items.length < length)
      throw new JinjaError(`not enough values to unpack (expected ${length}, got ${items.length})`)
    for (const [index, part] of target.items.entries()) this.#assign(part, items[index]!, scope)
  }

  #macro(macro: MacroStatement, scope: Scope): Callable {
    const { name, parameters, body } = macro
    return new Callable(name, ({ positional, named }) => {
      const inner = new Scope(scope)
      const rest = new Map(named)
      const given = (parameter: string, index: number): Value | undefined => {
        const value = index < positional.length ? positional[index] : rest.get(parameter)
        rest.delete(parameter)
        return value
      }
      inner.set('caller', orElse(rest.get('caller'), new Undefined('No caller defined')))
      const bound = parameters.map((parameter, index) => [parameter, given(parameter.name, index)] as const)
      for (const [parameter, value] of bound) {
        inner.set(parameter.name, orElse(value, new Undefined(`parameter '${parameter.name}' was not provided`)))
      }
      // A default may name the parameters before it.
      for (const [{ name: missing, fallback }, value] of bound) {
        if (value === undefined && fallback) inner.set(missing, this.#evaluate(fallback, inner))
      }
      rest.delete('caller')
      inner.set('varargs', new Tuple(positional.slice(parameters.length)))
      inner.set('kwargs', rest)
      return this.#deeper(() => this.#capture(() => this.#body(body, inner)))
    })
  }

  // Expressions

  #evaluate(expression: Expression, scope: Scope): Value {
    this.#step()
    if (++this.#depth > limits.depth) throw new JinjaError('the template nests too deep')
    const value = this.#value(expression, scope)
    this.#depth--
    return value
  }

  #value(expression: Expression, scope: Scope): Value {
    switch (expression.type) {
      case 'constant':
        return expression.value
      case 'float':
        return new Float(expression.value)
      case 'name':
        return orElse(scope.get(expression.name), new Undefined(`'${expression.name}' is undefined`))
      case 'list':
        return expression.items.map(part => this.#evaluate(part, scope))
      case 'tuple':
        return new Tuple(expression.items.map(part => this.#evaluate(part, scope)))
      case 'dict':
        return this.#dict(expression.entries, scope)
      case 'attribute':
        return attribute(this.#evaluate(expression.object, scope), expression.name)
      case 'item':
        return item(this.#evaluate(expression.object, scope), this.#evaluate(expression.key, scope))
      case 'slice': {
        const bound = (part: Expression | undefined) => (part ? this.#evaluate(part, scope) : null)
        const { object, start, stop, step } = expression
        return this.#charge(slice(this.#evaluate(object, scope), bound(start), bound(stop), bound(step)))
      }
      case 'call':
        return this.#call(this.#evaluate(expression.callee, scope), this.#arguments(expression.args, scope))
      case 'filter':
        return this.#filtered(this.#evaluate(expression.value, scope), [expression.filter], scope)
      case 'test': {
        const value = this.#evaluate(expression.value, scope)
        return this.test(expression.name, value, this.#arguments(expression.args, scope)) !== expression.negated
      }
      case 'not':
        return !isTrue(this.#evaluate(expression.value, scope))
      case 'unary':
        return unary(expression.operator, this.#evaluate(expression.value, scope))
      case 'binary': {
        const left = this.#evaluate(expression.left, scope)
        return this.#charge(binary(expression.operator, left, this.#evaluate(expression.right, scope)))
      }
      case 'concat':
        return this.#charge(expression.parts.map(part => str(this.#evaluate(part, scope))).join(''))
      case 'compare':
        return this.#compare(expression, scope)
      case 'and':
      case 'or': {
        const left = this.#evaluate(expression.left, scope)
        return isTrue(left) === (expression.type === 'or') ? left : this.#evaluate(expression.right, scope)
      }
      case 'conditional': {
        const { test, otherwise } = expression
        if (isTrue(this.#evaluate(test, scope))) return this.#evaluate(expression.value, scope)
        return otherwise
          ? this.#evaluate(otherwise, scope)
          : new Undefined('the inline if-expression evaluated to false and no else section was defined.')
      }
    }
  }

  #dict(entries: readonly (readonly [Expression, Expression])[], scope: Scope): Dict {
    const dict: Dict = new Map()
    for (const [key, value] of entries) {
      const evaluated = this.#evaluate(key, scope)
      use(evaluated)
      const plain = evaluated instanceof Float ? evaluated.value : evaluated
      if (!isKey(plain)) throw new JinjaError(`unhashable type: '${typeName(evaluated)}'`)
      dict.set(plain, this.#evaluate(value, scope))
    }
    return dict
  }

  /** `a < b < c` holds when every neighbouring pair does. */
  #compare({ first, rest }: Expression & { type: 'compare' }, scope: Scope): Value {
    let left = this.#evaluate(first, scope)
    for (const [operator, operand] of rest) {
      const right = this.#evaluate(operand, scope)
      if (!compares(operator, left, right)) return false
      left = right
    }
    return true
  }

  #filtered(value: Value, chain: readonly Filter[], scope: Scope): Value {
    return chain.reduce((current, { name, args }) => this.filter(name, current, this.#arguments(args, scope)), value)
  }

  #arguments({ positional, named, namedSpread }: Arguments, scope: Scope): CallArguments {
    const values = positional.flatMap(({ value, spread }) => {
      const evaluated = this.#evaluate(value, scope)
      return spread ? iterate(evaluated) : [evaluated]
    })
    const byName = new Map(named.map(([name, value]) => [name, this.#evaluate(value, scope)]))
    if (namedSpread) {
      const spread = this.#evaluate(namedSpread, scope)
      if (!(spread instanceof Map)) throw new JinjaError(`argument after ** must be a mapping, not ${typeName(spread)}`)
      for (const [name, value] of spread) byName.set(str(name), value)
    }
    return { positional: values, named: byName }
  }

  #call(callee: Value, args: CallArguments): Value {
    if (callee instanceof LoopState) return this.#call(callee.member('__call__')!, args)
    if (callee instanceof Callable) return this.#charge(callee.call(args))
    use(callee)
    throw new JinjaError(`'${typeName(callee)}' object is not callable`)
  }

  // Output and limits

  /** What some statements write. */
  #capture(run: () => void): string {
    const [outer, outerLength] = [this.#output, this.#length]
    this.#output = []
    this.#length = 0
    run()
    const text = this.#output.join('')
    this.#output = outer
    this.#length = outerLength
    return text
  }

  #write(text: string): void {
    this.#length += text.length
    if (this.#length > limits.length) throw new JinjaError('the output of the template is too long')
    this.#output.push(text)
  }

  #step(): void {
    if (++this.#steps > limits.steps) throw new JinjaError('the template takes too long')
  }

  /** Handling a long text or list takes longer than handling a short one. */
  #charge(value: Value): Value {
    if (typeof value === 'string') {
      if (value.length > limits.length) throw new JinjaError('a text of the template is too long')
      this.#steps += value.length >> 6
    } else if (Array.isArray(value)) this.#steps += value.length >> 2
    return value
  }

  #deeper<T>(run: () => T): T {
    this.#depth += 2
    if (this.#depth > limits.depth) throw new JinjaError('the template nests too deep')
    const result = run()
    this.#depth -= 2
    return result
  }
}
