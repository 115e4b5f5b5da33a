import { bind } from './arguments.ts'
import { JinjaError } from './error.ts'
import {
  type CallArguments,
  Callable,
  integer,
  isKey,
  iterate,
  Namespace,
  sequence,
  str,
  typeName,
  type Value,
} from './values.ts'

/** The sandbox of Jinja sets the same bound. */
const longestRange = 100_000

/** Functions every template may call, as transformers gives them to chat templates. */
export function globals(now: () => Date): ReadonlyMap<string, Value> {
  const functions: [string, (args: CallArguments) => Value][] = [
    ['range', range],
    ['dict', ({ positional, named }) => new Map([...entries(positional), ...named])],
    ['namespace', ({ positional, named }) => new Namespace(new Map([...namedEntries(positional), ...named]))],
    ['joiner', args => joiner(str(bind('joiner', args, ['sep']).optional('sep') ?? ', '))],
    ['cycler', ({ positional }) => cycler(positional)],
    ['raise_exception', raise],
    ['strftime_now', args => strftime(now(), str(bind('strftime_now', args, ['format']).required('format')))],
  ]
  return new Map(functions.map(([name, call]) => [name, new Callable(name, call)]))
}

function raise(args: CallArguments): never {
  throw new JinjaError(str(bind('raise_exception', args, ['message']).required('message')))
}

function range({ positional }: CallArguments): Value {
  const [first, second, third] = positional.map(value => integer(value, 'range() argument'))
  if (first === undefined || positional.length > 3) throw new JinjaError('range expected 1 to 3 arguments')
  const [start, stop, step] = second === undefined ? [0, first, 1] : [first, second, third ?? 1]
  if (step === 0) throw new JinjaError('range() arg 3 must not be zero')
  const count = Math.max(0, Math.ceil((stop - start) / step))
  if (count > longestRange) {
    throw new JinjaError(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${longestRange}).`)
  }
  return Array.from({ length: count }, (_, index) => start + index * step)
}

/** The entries of a mapping, or of a list of pairs. */
function entries([source]: readonly Value[]) {
  if (source === undefined) return []
  if (source instanceof Map) return [...source]
  return iterate(source).map((pair): [string | number | boolean | null, Value] => {
    const [key, value] = sequence(pair) ?? []
    if (key === undefined || value === undefined || !isKey(key)) {
      throw new JinjaError(`'${typeName(pair)}' object is not a pair`)
    }
    return [key, value]
  })
}

function namedEntries(positional: readonly Value[]): [string, Value][] {
  return entries(positional).map(([key, value]) => [str(key), value])
}

function joiner(separator: string): Value {
  let used = false
  return new Callable('joiner', () => {
    const out = used ? separator : ''
    used = true
    return out
  })
}

function cycler(items: readonly Value[]): Value {
  if (items.length === 0) throw new JinjaError('at least one item has to be provided')
  let at = 0
  const next = new Callable('next', () => items[at++ % items.length]!)
  const reset = new Callable('reset', () => {
    at = 0
    return null
  })
  return new Namespace(
    new Map([
      ['next', next],
      ['reset', reset],
    ]),
  )
}

const months = 'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** Python's strftime in the C locale, which is the one models were trained with. */
export function strftime(date: Date, format: string): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0')
  const [month, day] = [months[date.getMonth()]!, days[date.getDay()]!]
  const midnight = (monthOf: number, dayOf: number) => Date.UTC(date.getFullYear(), monthOf, dayOf)
  const dayOfYear = Math.round((midnight(date.getMonth(), date.getDate()) - midnight(0, 0)) / 86_400_000)
  const fields = new Map<string, () => string>([
    ['Y', () => pad(date.getFullYear(), 4)],
    ['y', () => pad(date.getFullYear() % 100)],
    ['m', () => pad(date.getMonth() + 1)],
    ['d', () => pad(date.getDate())],
    ['e', () => String(date.getDate()).padStart(2, ' ')],
    ['B', () => month],
    ['b', () => month.slice(0, 3)],
    ['h', () => month.slice(0, 3)],
    ['A', () => day],
    ['a', () => day.slice(0, 3)],
    ['u', () => String(date.getDay() || 7)],
    ['w', () => String(date.getDay())],
    ['H', () => pad(date.getHours())],
    ['I', () => pad(date.getHours() % 12 || 12)],
    ['M', () => pad(date.getMinutes())],
    ['S', () => pad(date.getSeconds())],
    ['f', () => pad(date.getMilliseconds() * 1000, 6)],
    ['p', () => (date.getHours() < 12 ? 'AM' : 'PM')],
    ['j', () => pad(dayOfYear, 3)],
    ['F', () => strftime(date, '%Y-%m-%d')],
    ['T', () => strftime(date, '%H:%M:%S')],
    ['D', () => strftime(date, '%m/%d/%y')],
    ['R', () => strftime(date, '%H:%M')],
    ['Z', () => ''],
    ['z', () => ''],
    ['n', () => '\n'],
    ['t', () => '\t'],
    ['%', () => '%'],
  ])
  return format.replace(/%(-?)([A-Za-z%])/g, (all, bare: string, letter: string) => {
    const field = fields.get(letter)?.()
    if (field === undefined) return all
    return bare ? field.replace(/^[0 ](?=.)/, '') : field
  })
}
