import { JinjaError } from './error.ts'
import { Float, iterate, numberOf, orElse, repr, sequence, str, typeName, use, type Value } from './values.ts'

const widest = 1_000_000

/** Python's `format % values`. @throws JinjaError */
export function formatPercent(format: string, values: Value): string {
  const items = sequence(values) && !Array.isArray(values) ? iterate(values) : [values]
  const isMapping = values instanceof Map
  let next = 0
  const take = (): Value => {
    const value = items[next++]
    if (value === undefined) throw new JinjaError('not enough arguments for format string')
    return value
  }
  const directive = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.|$)/gs
  const out = format.replace(directive, (_, key: string | undefined, flags: string, width, precision, verb: string) => {
    if (verb === '%') return '%'
    if (verb === '') throw new JinjaError('incomplete format')
    const size = (given: string | undefined) =>
      given === '*' ? numberOf(take()) : given === undefined ? undefined : Number(given)
    const columns = size(width)
    const digits = size(precision)
    const value = key === undefined ? take() : member(values, key)
    return aligned(
      percentValue(verb, value, digits, flags),
      columns ?? 0,
      flags.includes('-') ? '<' : '>',
      flags.includes('0') && !flags.includes('-') && typeof value !== 'string' ? '0' : ' ',
    )
  })
  if (next < items.length && !isMapping) throw new JinjaError('not all arguments converted during string formatting')
  return out
}

function member(values: Value, key: string): Value {
  const found = values instanceof Map ? values.get(key) : undefined
  if (found === undefined) throw new JinjaError(`'${key}'`)
  return found
}

function percentValue(verb: string, value: Value, precision: number | undefined, flags: string): string {
  if (verb === 's' || verb === 'r' || verb === 'a') {
    const text = verb === 's' ? str(value) : repr(value)
    return precision === undefined ? text : [...text].slice(0, precision).join('')
  }
  if (verb === 'c') return typeof value === 'number' ? String.fromCodePoint(value) : str(value)
  const number = numberOf(value)
  if (number === undefined) {
    use(value)
    const wanted = 'di'.includes(verb) ? 'a real number is required' : 'must be real number'
    throw new JinjaError(`%${verb} format: ${wanted}, not ${typeName(value)}`)
  }
  if (verb === 'd' || verb === 'i' || verb === 'u') return signed(Math.trunc(number), size => String(size), flags)
  return signed(number, size => formatNumber(size, verb, precision, flags.includes('#')), flags)
}

function signed(value: number, write: (size: number) => string, flags: string): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  return sign + write(Math.abs(value))
}

/** A number that is not negative, by one of Python's presentation types. */
function formatNumber(value: number, type: string, precision: number | undefined, alternate = false): string {
  switch (type) {
    case 'd':
      return String(Math.trunc(value))
    case 'b':
    case 'o':
    case 'x':
    case 'X': {
      const digits = Math.trunc(value).toString({ b: 2, o: 8, x: 16, X: 16 }[type])
      return (alternate ? `0${type}` : '') + (type === 'X' ? digits.toUpperCase() : digits)
    }
    case 'f':
    case 'F':
      return value.toFixed(Math.min(precision ?? 6, 100))
    case 'e':
    case 'E': {
      const text = value.toExponential(Math.min(precision ?? 6, 100)).replace(/e([+-])(\d)$/, 'e$10$2')
      return type === 'E' ? text.toUpperCase() : text
    }
    case '%':
      return `${(value * 100).toFixed(Math.min(precision ?? 6, 100))}%`
    case 'g':
    case 'G': {
      const digits = Math.max(1, Math.min(precision ?? 6, 100))
      const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1])
      const text =
        exponent < -4 || exponent >= digits
          ? value
              .toExponential(digits - 1)
              .replace(/\.?0+e/, 'e')
              .replace(/e([+-])(\d)$/, 'e$10$2')
          : value
              .toFixed(digits - 1 - exponent)
              .replace(/(\.\d*?)0+$/, '$1')
              .replace(/\.$/, '')
      return type === 'G' ? text.toUpperCase() : text
    }
    default:
      throw new JinjaError(`unsupported format character '${type}'`)
  }
}

function aligned(text: string, width: number, align: string, fill: string): string {
  if (width > widest) throw new JinjaError('the width of a format is too large')
  const missing = width - [...text].length
  if (missing <= 0) return text
  const left = Math.floor(missing / 2)
  if (align === '<') return text + fill.repeat(missing)
  if (align === '^') return fill.repeat(left) + text + fill.repeat(missing - left)
  const sign = fill === '0' && /^[-+ ]/.test(text) ? text[0]! : ''
  return sign + fill.repeat(missing) + text.slice(sign.length)
}

/** Python's `format.format(*positional, **named)`. @throws JinjaError */
export function formatBraces(format: string, positional: readonly Value[], named: ReadonlyMap<string, Value>): string {
  let next = 0
  const field = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::([^{}]*))?\}|[{}]/g
  return format.replace(field, (all, path: string | undefined, conversion: string | undefined, spec = '') => {
    if (all === '{{') return '{'
    if (all === '}}') return '}'
    if (path === undefined) throw new JinjaError(`Single '${all}' encountered in format string`)
    const [name = '', ...steps] = path.split(/[.[]/).map(step => step.replace(/\]$/, ''))
    let value = name === '' || /^\d+$/.test(name) ? positional[name === '' ? next++ : Number(name)] : named.get(name)
    if (value === undefined)
      throw new JinjaError(name === '' || /^\d+$/.test(name) ? 'Replacement index out of range' : `'${name}'`)
    for (const step of steps)
      value = value instanceof Map ? member(value, step) : orElse(iterate(value!)[Number(step)], null)
    return bySpec(conversion === 'r' ? repr(value!) : conversion ? str(value!) : value!, spec)
  })
}

function bySpec(value: Value, spec: string): string {
  const match = /^(?:(.)?([<>^=]))?([-+ ])?(#)?(0)?(\d+)?(,|_)?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su.exec(spec)
  if (!match) throw new JinjaError('Invalid format specifier')
  const [, fill, align, sign = '', alternate, zero, width, comma, digits, type] = match
  const precision = digits === undefined ? undefined : Number(digits)
  const number = typeof value === 'string' ? undefined : numberOf(value)
  let body: string
  if (number === undefined || (type === undefined && typeof value === 'boolean')) {
    body = precision === undefined ? str(value) : [...str(value)].slice(0, precision).join('')
  } else {
    const presentation = type ?? (value instanceof Float ? (precision === undefined ? 'repr' : 'g') : 'd')
    body = signed(
      number,
      size =>
        presentation === 'repr'
          ? str(new Float(size))
          : formatNumber(size, presentation, precision, alternate !== undefined),
      sign,
    )
    if (comma) body = body.replace(/\d+/, whole => whole.replace(/\B(?=(\d{3})+$)/g, comma))
  }
  const pad = fill ?? (zero && number !== undefined ? '0' : ' ')
  return aligned(body, Number(width ?? 0), align === '=' || !align ? (number === undefined ? '<' : '>') : align, pad)
}
