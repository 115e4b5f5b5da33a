import { goFloat, goQuote } from '../../../go/text.ts'
import { quoteRune, unicodeName } from './quote.ts'
import { asSlice, GoMap, type GoSlice, type GoStruct, type GoValue, isSlice, typeName } from './values.ts'

/** Go's `%v`: what `{{ value }}` prints, but `<nil>` for a nil (a template prints `<no value>` there). */
export function display(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return goFloat(value)
  }
  if (value === undefined || value === null) return '<nil>'
  if (isSlice(value)) {
    const slice = asSlice(value)
    return slice.shape.text?.() ?? `[${slice.items().map(display).join(' ')}]`
  }
  if (value.shape.text) return value.shape.text()
  if (value instanceof GoMap) {
    return `map[${value
      .sorted()
      .map(([key, item]) => `${key}:${display(item)}`)
      .join(' ')}]`
  }
  return `{${[...value.fields.values()].map(display).join(' ')}}`
}

/** Go's fmt.Sprint: a space between two operands of which neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  let out = ''
  for (const [index, value] of values.entries()) {
    if (index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string') out += ' '
    out += display(value)
  }
  return out
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return undefined
}

/** `%g`: exponents below -4 or from the precision on; `precision` counts digits, -1 takes as many as are needed. */
function general(value: number, precision: number): string {
  const negativeZero = Object.is(value, -0) ? '-' : ''
  const scientific =
    precision < 0 ? value.toExponential() : value.toExponential(Math.min(Math.max(precision, 1) - 1, 100))
  const [mantissa = '', power = '0'] = scientific.split('e')
  const exponent = Number(power)
  const digits = mantissa.replace('-', '').replace('.', '').replace(/0+$/, '') || '0'
  const limit = precision < 0 ? 6 : Math.max(precision, 1)
  const sign = value < 0 ? '-' : negativeZero
  if (exponent < -4 || exponent >= limit) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${goExponent(exponent)}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  return sign + whole + (fraction ? `.${fraction}` : '')
}

function goExponent(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

interface Flags {
  minus: boolean
  plus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  width?: number
  precision?: number
}

const flagNames = { '-': 'minus', '+': 'plus', '#': 'sharp', ' ': 'space', '0': 'zero' } as const
/** Go's own bound: a template must not ask for gigabytes of blanks. */
const widest = 10_000_009

/** Go's fmt.Sprintf, without explicit argument indexes (`%[1]d`). */
export function sprintf(format: string, args: readonly GoValue[]): string {
  let out = ''
  let next = 0
  let at = 0
  while (at < format.length) {
    const percent = format.indexOf('%', at)
    if (percent < 0) return out + format.slice(at) + extra(args.slice(next))
    out += format.slice(at, percent)
    at = percent + 1
    const flags: Flags = { minus: false, plus: false, sharp: false, space: false, zero: false }
    while (format[at] !== undefined && format[at]! in flagNames) {
      flags[flagNames[format[at++] as keyof typeof flagNames]] = true
    }
    const number = (): number | undefined => {
      if (format[at] === '*') {
        at++
        const value = args[next++]
        return typeof value === 'bigint' && value >= -widest && value <= widest ? Number(value) : Number.NaN
      }
      const digits = /^[0-9]+/.exec(format.slice(at, at + 12))?.[0]
      if (!digits) return undefined
      at += digits.length
      return Number(digits) > widest ? Number.NaN : Number(digits)
    }
    flags.width = number()
    if (Number.isNaN(flags.width)) {
      out += '%!(BADWIDTH)'
      flags.width = undefined
    } else if (flags.width !== undefined && flags.width < 0) {
      flags.minus = true
      flags.width = -flags.width
    }
    if (format[at] === '.') {
      at++
      const precision = number() ?? 0
      if (Number.isNaN(precision)) out += '%!(BADPREC)'
      else if (precision >= 0) flags.precision = precision
    }
    const verb = String.fromCodePoint(format.codePointAt(at) ?? 0)
    // `%+v` asks for more detail, not for a sign.
    if (verb === 'v') flags.plus = false
    if (at >= format.length) out += '%!(NOVERB)'
    else if (verb === '%') out += '%'
    else if (next >= args.length) out += `%!${verb}(MISSING)`
    else out += formatted(verb, args[next++], flags)
    at += verb.length
  }
  return out + extra(args.slice(next))
}

function extra(args: readonly GoValue[]): string {
  if (args.length === 0) return ''
  return `%!(EXTRA ${args.map(arg => (arg === null || arg === undefined ? '<nil>' : `${typeName(arg)}=${display(arg)}`)).join(', ')})`
}

function formatted(verb: string, value: GoValue, flags: Flags): string {
  if (verb === 'T') return pad(value === null || value === undefined ? '<nil>' : typeName(value), flags)
  if (value === null || value === undefined) return pad(verb === 'v' ? '<nil>' : `%!${verb}(<nil>)`, flags)
  if (typeof value === 'object') return composite(verb, value, flags)
  const bad = () => `%!${verb}(${typeName(value)}=${pad(display(value), flags)})`
  switch (typeof value) {
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(value), flags) : bad()
    case 'string':
      return formatString(verb, value, flags) ?? bad()
    case 'bigint':
      return formatInteger(verb, value, flags) ?? bad()
    case 'number':
      return formatFloatVerb(verb, value, flags) ?? bad()
  }
}

/** Slices, maps and structs apply the verb to every element; a Stringer is a string for the text verbs. */
function composite(verb: string, value: readonly GoValue[] | GoSlice | GoMap | GoStruct, flags: Flags): string {
  const shape = isSlice(value) ? asSlice(value).shape : value.shape
  if (shape.text && 'vsxXq'.includes(verb)) return formatString(verb, shape.text(), flags)!
  const each = (item: GoValue) => formatted(verb, item, flags)
  if (isSlice(value)) return `[${asSlice(value).items().map(each).join(' ')}]`
  if (value instanceof GoMap) {
    return `map[${value
      .sorted()
      .map(([key, item]) => `${each(key)}:${each(item)}`)
      .join(' ')}]`
  }
  return `{${[...value.fields.values()].map(each).join(' ')}}`
}

function formatString(verb: string, value: string, flags: Flags): string | undefined {
  const cut = flags.precision === undefined ? value : [...value].slice(0, flags.precision).join('')
  switch (verb) {
    case 'v':
    case 's':
      return verb === 'v' && flags.sharp ? pad(goQuote(value), flags) : pad(cut, flags)
    case 'q':
      return pad(flags.sharp && !/[`\x00-\x08\x0a-\x1f]/.test(cut) ? `\`${cut}\`` : goQuote(cut), flags)
    case 'x':
      return pad(Buffer.from(cut).toString('hex'), flags)
    case 'X':
      return pad(Buffer.from(cut).toString('hex').toUpperCase(), flags)
    default:
      return undefined
  }
}

const bases: Record<string, [number, string]> = {
  v: [10, ''],
  d: [10, ''],
  b: [2, '0b'],
  o: [8, '0'],
  O: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
}

function formatInteger(verb: string, value: bigint, flags: Flags): string | undefined {
  const code = Number(value)
  if (verb === 'c') return pad(isRune(code) ? String.fromCodePoint(code) : '\ufffd', flags)
  if (verb === 'q') return pad(quoteRune(code), flags)
  if (verb === 'U') {
    const name = code >= 0 ? unicodeName(isRune(code) ? String.fromCodePoint(code) : '\ufffd') : 'U+FFFFFFFFFFFFFFFF'
    return pad(flags.sharp ? name : name.split(' ')[0]!, flags)
  }
  const [base, prefix] = bases[verb] ?? []
  if (base === undefined) return undefined
  let digits = (value < 0n ? -value : value).toString(base)
  if (verb === 'X') digits = digits.toUpperCase()
  if (flags.precision !== undefined)
    digits = value === 0n && flags.precision === 0 ? '' : digits.padStart(flags.precision, '0')
  const leading = verb === 'O' || flags.sharp ? prefix! : ''
  return padNumber(sign(value < 0n, flags), leading, digits, flags, flags.precision === undefined)
}

function formatFloatVerb(verb: string, value: number, flags: Flags): string | undefined {
  if (!'vgGeEfF'.includes(verb)) return undefined
  const magnitude = Math.abs(value)
  const digits = special(magnitude)?.replace('+', '') ?? floatDigits(verb, magnitude, flags.precision)
  const negative = value < 0 || Object.is(value, -0)
  return padNumber(sign(negative, flags), '', digits, flags, Number.isFinite(value))
}

function floatDigits(verb: string, value: number, precision: number | undefined): string {
  switch (verb) {
    case 'f':
    case 'F':
      return fixedPoint(value, Math.min(precision ?? 6, 100))
    case 'e':
    case 'E': {
      const [mantissa, power] = value.toExponential(Math.min(precision ?? 6, 100)).split('e')
      const text = `${mantissa}e${goExponent(Number(power))}`
      return verb === 'E' ? text.toUpperCase() : text
    }
    default: {
      const text = general(value, precision ?? -1)
      return verb === 'G' ? text.toUpperCase() : text
    }
  }
}

function fixedPoint(value: number, precision: number): string {
  // toFixed turns to exponents from 1e21 on, where a float has no fraction any more.
  if (value < 1e21) {
    // A tie goes to the even digit in Go and to the larger one in JavaScript.
    const halves = value * 10 ** precision * 2
    const isTie = Number.isSafeInteger(halves) && halves % 2 === 1
    const even = 2 * Math.round(halves / 4)
    return (isTie ? even / 10 ** precision : value).toFixed(precision)
  }
  return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
}

function sign(negative: boolean, flags: Flags): string {
  return negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
}

function padNumber(sign: string, prefix: string, digits: string, flags: Flags, mayZero: boolean): string {
  const lead = sign + prefix
  if (flags.zero && !flags.minus && mayZero && flags.width !== undefined) {
    return lead + digits.padStart(flags.width - lead.length, '0')
  }
  return pad(lead + digits, { ...flags, zero: false })
}

/** Widens to `width` characters (not UTF-16 units). */
function pad(text: string, flags: Flags): string {
  const missing = (flags.width ?? 0) - [...text].length
  if (missing <= 0) return text
  if (flags.minus) return text + ' '.repeat(missing)
  return (flags.zero ? '0' : ' ').repeat(missing) + text
}

function isRune(code: number): boolean {
  return code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
}
