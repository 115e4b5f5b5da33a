import { JinjaError } from './error.ts'
import {
  type CallArguments,
  Callable,
  compare,
  contains,
  equal,
  Float,
  integer,
  numberOf,
  sequence,
  Undefined,
  type Value,
} from './values.ts'

type Test = (value: Value, args: CallArguments) => boolean

const first = (args: CallArguments): Value => {
  const [value] = args.positional
  if (value === undefined) throw new JinjaError('a test misses its argument')
  return value
}
const isNumber = (value: Value) => typeof value === 'number' || value instanceof Float
const isOdd = (value: Value) => Math.abs(integer(value, 'the tested value')) % 2 === 1
const hasCase = (value: Value, upper: boolean) => {
  const text = typeof value === 'string' ? value : ''
  const [same, other] = upper ? [text.toUpperCase(), text.toLowerCase()] : [text.toLowerCase(), text.toUpperCase()]
  return text === same && text !== other
}
const equals: Test = (value, args) => equal(value, first(args))
const differs: Test = (value, args) => !equal(value, first(args))
const less: Test = (value, args) => compare(value, first(args), '<') < 0
const atMost: Test = (value, args) => compare(value, first(args), '<=') <= 0
const greater: Test = (value, args) => compare(value, first(args), '>') > 0
const atLeast: Test = (value, args) => compare(value, first(args), '>=') >= 0

/** The tests behind `is` (jinja2/tests.py). */
export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', value => !(value instanceof Undefined)],
  ['undefined', value => value instanceof Undefined],
  ['none', value => value === null],
  ['boolean', value => typeof value === 'boolean'],
  ['true', value => value === true],
  ['false', value => value === false],
  ['integer', value => typeof value === 'number'],
  ['float', value => value instanceof Float],
  ['number', value => isNumber(value) || typeof value === 'boolean'],
  ['string', value => typeof value === 'string'],
  ['mapping', value => value instanceof Map],
  ['sequence', value => typeof value === 'string' || value instanceof Map || sequence(value) !== undefined],
  [
    'iterable',
    value =>
      typeof value === 'string' || value instanceof Map || value instanceof Undefined || sequence(value) !== undefined,
  ],
  ['callable', value => value instanceof Callable],
  ['odd', value => isOdd(value)],
  ['even', value => !isOdd(value)],
  ['divisibleby', (value, args) => (numberOf(value) ?? 1) % integer(first(args), 'the divisor') === 0],
  ['lower', value => hasCase(value, false)],
  ['upper', value => hasCase(value, true)],
  ['in', (value, args) => contains(first(args), value)],
  ['sameas', (value, args) => value === first(args)],
  ['eq', equals],
  ['==', equals],
  ['equalto', equals],
  ['ne', differs],
  ['!=', differs],
  ['lt', less],
  ['<', less],
  ['lessthan', less],
  ['le', atMost],
  ['<=', atMost],
  ['gt', greater],
  ['>', greater],
  ['greaterthan', greater],
  ['ge', atLeast],
  ['>=', atLeast],
])
