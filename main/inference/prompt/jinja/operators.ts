import { JinjaError } from './error.ts'
import type { BinaryOperator, Comparison } from './nodes.ts'
import { formatPercent } from './text-format.ts'
import { compare, contains, equal, Float, numberOf, sequence, Tuple, typeName, use, type Value } from './values.ts'

/** Texts and lists that an operator makes are no longer than this. */
const longest = 64 * 1024 * 1024

/** Python's arithmetic. @throws JinjaError */
export function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  use(left)
  use(right)
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right)
  if (operator === '+') {
    const joined = joinedSequence(left, right)
    if (joined !== undefined) return joined
  }
  if (operator === '*') {
    const repeated = repeatedSequence(left, right) ?? repeatedSequence(right, left)
    if (repeated !== undefined) return repeated
  }
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === undefined || b === undefined) throw unsupported(operator, left, right)
  const isFloat = left instanceof Float || right instanceof Float || operator === '/'
  if (b === 0 && ['/', '//', '%'].includes(operator)) throw new JinjaError('division by zero')
  const result = arithmetic(operator, a, b)
  return isFloat || (operator === '**' && b < 0) ? new Float(result) : result
}

function arithmetic(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '//':
      return Math.floor(a / b)
    case '%':
      // The sign is that of the divisor.
      return a - b * Math.floor(a / b)
    case '**':
      return a ** b
  }
}

function joinedSequence(left: Value, right: Value): Value | undefined {
  if (typeof left === 'string') {
    if (typeof right === 'string') return left + right
    throw new JinjaError(`can only concatenate str (not "${typeName(right)}") to str`)
  }
  const items = sequence(left)
  if (!items) return undefined
  const others = sequence(right)
  if (!others || typeName(left) !== typeName(right)) {
    throw new JinjaError(`can only concatenate ${typeName(left)} (not "${typeName(right)}") to ${typeName(left)}`)
  }
  return Array.isArray(left) ? [...items, ...others] : new Tuple([...items, ...others])
}

function repeatedSequence(value: Value, times: Value): Value | undefined {
  if (typeof times !== 'number' && typeof times !== 'boolean') return undefined
  const count = Math.max(0, Number(times))
  const items = sequence(value)
  const size = typeof value === 'string' ? value.length : (items?.length ?? 0)
  if (size * count > longest) throw new JinjaError('the result of * is too long')
  if (typeof value === 'string') return value.repeat(count)
  if (!items) return undefined
  const repeated = Array.from({ length: count }, () => items).flat()
  return Array.isArray(value) ? repeated : new Tuple(repeated)
}

function unsupported(operator: BinaryOperator, left: Value, right: Value): JinjaError {
  const name = operator === '**' ? '** or pow()' : operator
  return new JinjaError(`unsupported operand type(s) for ${name}: '${typeName(left)}' and '${typeName(right)}'`)
}

/** `-value` and `+value` @throws JinjaError */
export function unary(operator: '-' | '+', value: Value): Value {
  use(value)
  const number = numberOf(value)
  if (number === undefined) throw new JinjaError(`bad operand type for unary ${operator}: '${typeName(value)}'`)
  const result = operator === '-' ? -number : number
  // JavaScript's ints have a negative zero, Python's have not.
  return value instanceof Float ? new Float(result) : result + 0
}

/** Whether a comparison holds. @throws JinjaError for what has no order */
export function compares(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return compare(left, right, operator) < 0
    case '<=':
      return compare(left, right, operator) <= 0
    case '>':
      return compare(left, right, operator) > 0
    default:
      return compare(left, right, operator) >= 0
  }
}
