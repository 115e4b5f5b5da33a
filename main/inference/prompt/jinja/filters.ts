import { bind } from './arguments.ts'
import { JinjaError } from './error.ts'
import { dumps } from './json.ts'
import { byPath, method } from './members.ts'
import { binary } from './operators.ts'
import { capitalize, replaced, stripped } from './string-methods.ts'
import { formatPercent } from './text-format.ts'
import {
  type CallArguments,
  compare,
  equal,
  Float,
  fromJson,
  integer,
  isTrue,
  iterate,
  length,
  numberOf,
  orElse,
  str,
  Tuple,
  text,
  typeName,
  Undefined,
  use,
  type Value,
} from './values.ts'

/** How a filter reaches other filters and tests by their names. */
export interface FilterContext {
  filter(name: string, value: Value, args: CallArguments): Value
  test(name: string, value: Value, args: CallArguments): boolean
}

type FilterFunction = (value: Value, args: CallArguments, context: FilterContext) => Value

/** The filters behind `|` (jinja2/filters.py; `tojson` is that of transformers). */
export const filters: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ['tojson', toJson],
  ['string', value => str(value)],
  ['safe', value => value],
  ['escape', value => escapeHtml(str(value))],
  ['e', value => escapeHtml(str(value))],
  ['upper', value => str(value).toUpperCase()],
  ['lower', value => str(value).toLowerCase()],
  ['capitalize', value => capitalize(str(value))],
  ['title', value => str(value).replace(/[^-\s({[<]+/g, word => capitalize(word))],
  ['trim', (value, args) => stripped(str(value), bind('trim', args, ['chars']).optional('chars'), true, true)],
  ['replace', replace],
  ['indent', indent],
  [
    'format',
    (value, { positional, named }) =>
      formatPercent(str(value), named.size > 0 ? new Map(named) : new Tuple(positional)),
  ],
  ['wordcount', value => (str(value).match(/\w+/gu) ?? []).length],
  ['truncate', truncate],
  [
    'center',
    (value, args) => centered(str(value), integer(bind('center', args, ['width']).optional('width') ?? 80, 'width')),
  ],
  ['urlencode', value => encodeURIComponent(str(value)).replaceAll('%2F', '/')],
  ['length', value => length(value)],
  ['count', value => length(value)],
  ['first', value => orElse(iterate(value)[0], new Undefined('No first item, sequence was empty.'))],
  ['last', value => orElse(iterate(value).at(-1), new Undefined('No last item, sequence was empty.'))],
  ['list', value => [...iterate(value)]],
  ['reverse', value => (typeof value === 'string' ? [...value].reverse().join('') : [...iterate(value)].reverse())],
  ['join', join],
  ['items', value => pairs(value)],
  ['dictsort', dictSort],
  ['sort', sort],
  ['unique', unique],
  ['min', (value, args) => extreme('min', value, args)],
  ['max', (value, args) => extreme('max', value, args)],
  ['sum', sum],
  ['batch', batch],
  ['slice', slices],
  ['groupby', groupBy],
  ['map', map],
  ['select', (value, args, context) => selected('select', value, args, context)],
  ['reject', (value, args, context) => selected('reject', value, args, context)],
  ['selectattr', (value, args, context) => selected('selectattr', value, args, context)],
  ['rejectattr', (value, args, context) => selected('rejectattr', value, args, context)],
  ['attr', (value, args) => method(value, str(bind('attr', args, ['name']).required('name')))],
  ['from_json', value => fromJson(tryJson(str(value)))],
  ['default', fallback],
  ['d', fallback],
  ['abs', value => mapNumber(value, Math.abs)],
  ['round', round],
  ['int', toInt],
  [
    'float',
    (value, args) =>
      new Float(numeric(value) ?? numberOf(bind('float', args, ['default']).optional('default') ?? 0) ?? 0),
  ],
])

function toJson(value: Value, args: CallArguments): Value {
  const bound = bind('tojson', args, ['ensure_ascii', 'indent', 'separators', 'sort_keys'])
  const indent = bound.optional('indent') ?? null
  const separators = bound.optional('separators') ?? null
  const [item, key] = separators === null ? [] : iterate(separators).map(part => text(part, 'separator'))
  return dumps(value, {
    ensureAscii: isTrue(bound.optional('ensure_ascii') ?? false),
    indent:
      indent === null
        ? undefined
        : typeof indent === 'string'
          ? indent
          : ' '.repeat(Math.min(integer(indent, 'indent'), 1000)),
    separators: item === undefined || key === undefined ? undefined : [item, key],
    sortKeys: isTrue(bound.optional('sort_keys') ?? false),
  })
}

function tryJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new JinjaError('from_json was given no JSON')
  }
}

const htmlNames: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' }

function escapeHtml(value: string): string {
  return value.replace(/[&<>'"]/g, character => htmlNames[character]!)
}

function replace(value: Value, args: CallArguments): Value {
  const bound = bind('replace', args, ['old', 'new', 'count'])
  return replaced(
    str(value),
    str(bound.required('old')),
    str(bound.required('new')),
    integer(bound.optional('count') ?? -1, 'count'),
  )
}

function indent(value: Value, args: CallArguments): Value {
  const bound = bind('indent', args, ['width', 'first', 'blank'])
  const width = bound.optional('width') ?? 4
  const blanks = typeof width === 'string' ? width : ' '.repeat(Math.min(integer(width, 'width'), 1000))
  const [first, blank] = [isTrue(bound.optional('first') ?? false), isTrue(bound.optional('blank') ?? false)]
  return str(value)
    .split('\n')
    .map((line, index) => ((index === 0 && !first) || (line === '' && !blank && index > 0) ? line : blanks + line))
    .join('\n')
}

function truncate(value: Value, args: CallArguments): Value {
  const bound = bind('truncate', args, ['length', 'killwords', 'end', 'leeway'])
  const [most, end] = [integer(bound.optional('length') ?? 255, 'length'), str(bound.optional('end') ?? '...')]
  const characters = [...str(value)]
  if (characters.length <= most + integer(bound.optional('leeway') ?? 5, 'leeway')) return str(value)
  const cut = characters.slice(0, Math.max(0, most - [...end].length)).join('')
  return (isTrue(bound.optional('killwords') ?? false) ? cut : cut.replace(/ [^ ]*$/, '')) + end
}

function centered(value: string, width: number): string {
  const missing = Math.min(width, 1_000_000) - [...value].length
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return missing <= 0 ? value : ' '.repeat(left) + value + ' '.repeat(missing - left)
}

function join(value: Value, args: CallArguments): Value {
  const bound = bind('join', args, ['d', 'attribute'])
  const path = bound.optional('attribute') ?? null
  const items = iterate(value).map(item => str(path === null ? item : byPath(item, path)))
  return items.join(str(bound.optional('d') ?? ''))
}

function pairs(value: Value): Value {
  if (value instanceof Undefined) return []
  if (!(value instanceof Map)) throw new JinjaError('Can only get item pairs from a mapping.')
  return [...value].map(([key, item]) => new Tuple([key, item]))
}

/** A comparison by keys that are texts of any case, unless case counts. */
function byKey(key: (value: Value) => Value, caseSensitive: boolean, reverse: boolean) {
  const plain = (value: Value) => {
    const found = key(value)
    return typeof found === 'string' && !caseSensitive ? found.toLowerCase() : found
  }
  return (a: Value, b: Value) => (reverse ? compare(plain(b), plain(a)) : compare(plain(a), plain(b)))
}

function dictSort(value: Value, args: CallArguments): Value {
  const bound = bind('dictsort', args, ['case_sensitive', 'by', 'reverse'])
  const by = str(bound.optional('by') ?? 'key')
  if (by !== 'key' && by !== 'value') throw new JinjaError('You can only sort by either "key" or "value"')
  const at = by === 'key' ? 0 : 1
  const sorted = [...(pairs(value) as Tuple[])]
  return sorted.sort(
    byKey(
      pair => (pair as Tuple).items[at]!,
      isTrue(bound.optional('case_sensitive') ?? false),
      isTrue(bound.optional('reverse') ?? false),
    ),
  )
}

function sort(value: Value, args: CallArguments): Value {
  const bound = bind('sort', args, ['reverse', 'case_sensitive', 'attribute'])
  const path = bound.optional('attribute') ?? null
  const paths = typeof path === 'string' ? path.split(',') : [path]
  const [reverse, caseSensitive] = [
    isTrue(bound.optional('reverse') ?? false),
    isTrue(bound.optional('case_sensitive') ?? false),
  ]
  const orders = paths.map(one => byKey(item => (one === null ? item : byPath(item, one)), caseSensitive, reverse))
  return [...iterate(value)].sort((a, b) => orders.map(order => order(a, b)).find(result => result !== 0) ?? 0)
}

function unique(value: Value, args: CallArguments): Value {
  const bound = bind('unique', args, ['case_sensitive', 'attribute'])
  const path = bound.optional('attribute') ?? null
  const caseSensitive = isTrue(bound.optional('case_sensitive') ?? false)
  const seen: Value[] = []
  return iterate(value).filter(item => {
    const found = path === null ? item : byPath(item, path)
    const key = typeof found === 'string' && !caseSensitive ? found.toLowerCase() : found
    if (seen.some(other => equal(other, key))) return false
    seen.push(key)
    return true
  })
}

function extreme(name: 'min' | 'max', value: Value, args: CallArguments): Value {
  const bound = bind(name, args, ['case_sensitive', 'attribute'])
  const path = bound.optional('attribute') ?? null
  const order = byKey(
    item => (path === null ? item : byPath(item, path)),
    isTrue(bound.optional('case_sensitive') ?? false),
    name === 'max',
  )
  const items = iterate(value)
  if (items.length === 0) return new Undefined('No aggregated item, sequence was empty.')
  return items.reduce((best, item) => (order(item, best) < 0 ? item : best))
}

function sum(value: Value, args: CallArguments): Value {
  const bound = bind('sum', args, ['attribute', 'start'])
  const path = bound.optional('attribute') ?? null
  return iterate(value)
    .map(item => (path === null ? item : byPath(item, path)))
    .reduce((total, item) => binary('+', total, item), bound.optional('start') ?? 0)
}

function batch(value: Value, args: CallArguments): Value {
  const bound = bind('batch', args, ['linecount', 'fill_with'])
  const size = Math.max(1, integer(bound.required('linecount'), 'linecount'))
  const fill = bound.optional('fill_with') ?? null
  const items = iterate(value)
  const rows: Value[][] = []
  for (let at = 0; at < items.length; at += size) rows.push(items.slice(at, at + size))
  const last = rows.at(-1)
  if (last && fill !== null) while (last.length < Math.min(size, 10_000)) last.push(fill)
  return rows
}

function slices(value: Value, args: CallArguments): Value {
  const bound = bind('slice', args, ['slices', 'fill_with'])
  const count = Math.min(Math.max(1, integer(bound.required('slices'), 'slices')), 10_000)
  const fill = bound.optional('fill_with') ?? null
  const items = iterate(value)
  const size = Math.floor(items.length / count)
  const longer = items.length % count
  return Array.from({ length: count }, (_, index) => {
    const start = index * size + Math.min(index, longer)
    const part = items.slice(start, start + size + (index < longer ? 1 : 0))
    return fill !== null && longer > 0 && index >= longer ? [...part, fill] : part
  })
}

function groupBy(value: Value, args: CallArguments): Value {
  const path = bind('groupby', args, ['attribute']).required('attribute')
  const groups: { key: Value; items: Value[] }[] = []
  for (const item of iterate(value)) {
    const key = byPath(item, path)
    const group = groups.find(candidate => equal(candidate.key, key))
    if (group) group.items.push(item)
    else groups.push({ key, items: [item] })
  }
  groups.sort((a, b) => compare(a.key, b.key))
  return groups.map(({ key, items }) => new Tuple([key, items]))
}

/** `map('upper')` applies a filter, `map(attribute='name')` takes a member. */
function map(value: Value, { positional, named }: CallArguments, context: FilterContext): Value {
  const path = named.get('attribute')
  if (path !== undefined) {
    const instead = named.get('default')
    return iterate(value).map(item => {
      const found = byPath(item, path)
      return found instanceof Undefined && instead !== undefined ? instead : found
    })
  }
  const [name, ...rest] = positional
  if (name === undefined) throw new JinjaError('map requires a filter argument')
  return iterate(value).map(item => context.filter(str(name), item, { positional: rest, named }))
}

function selected(
  name: 'select' | 'reject' | 'selectattr' | 'rejectattr',
  value: Value,
  { positional, named }: CallArguments,
  context: FilterContext,
): Value {
  const byAttribute = name.endsWith('attr')
  const path = byAttribute ? positional[0] : undefined
  const [test, ...rest] = byAttribute ? positional.slice(1) : positional
  if (byAttribute && path === undefined) throw new JinjaError('Missing parameter for attribute name')
  const wanted = name.startsWith('select')
  // A test of None is only an error where something is tested.
  const items = value === null ? [] : iterate(value)
  return items.filter(item => {
    const subject = path === undefined ? item : byPath(item, path)
    const passes = test === undefined ? isTrue(subject) : context.test(str(test), subject, { positional: rest, named })
    return passes === wanted
  })
}

function fallback(value: Value, args: CallArguments): Value {
  const bound = bind('default', args, ['default_value', 'boolean'])
  const isMissing = value instanceof Undefined || (isTrue(bound.optional('boolean') ?? false) && !isTrue(value))
  return isMissing ? orElse(bound.optional('default_value'), '') : value
}

function mapNumber(value: Value, change: (number: number) => number): Value {
  use(value)
  const number = numberOf(value)
  if (number === undefined) throw new JinjaError(`bad operand type: '${typeName(value)}'`)
  return value instanceof Float ? new Float(change(number)) : change(number)
}

function round(value: Value, args: CallArguments): Value {
  const bound = bind('round', args, ['precision', 'method'])
  const factor = 10 ** integer(bound.optional('precision') ?? 0, 'precision')
  const method = str(bound.optional('method') ?? 'common')
  use(value)
  const number = numberOf(value)
  if (number === undefined) throw new JinjaError(`type ${typeName(value)} doesn't define __round__ method`)
  if (method !== 'common') return new Float((method === 'ceil' ? Math.ceil : Math.floor)(number * factor) / factor)
  // A half goes to the even neighbour.
  const scaled = number * factor
  const isHalf = Math.abs(scaled % 1) === 0.5
  const rounded = (isHalf ? 2 * Math.round(scaled / 2) : Math.round(scaled)) / factor
  return value instanceof Float ? new Float(rounded) : rounded
}

function toInt(value: Value, args: CallArguments): Value {
  const bound = bind('int', args, ['default', 'base'])
  const base = integer(bound.optional('base') ?? 10, 'base')
  if (typeof value === 'string' && base !== 10) {
    const parsed = Number.parseInt(value.trim().replace(/^0[xob]/i, ''), base)
    return Number.isNaN(parsed) ? orElse(bound.optional('default'), 0) : parsed
  }
  const number = numeric(value)
  return number === undefined || !Number.isFinite(number) ? orElse(bound.optional('default'), 0) : Math.trunc(number)
}

function numeric(value: Value): number | undefined {
  if (typeof value !== 'string') return numberOf(value)
  return /^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)
    ? Number(value.replaceAll('_', ''))
    : undefined
}
