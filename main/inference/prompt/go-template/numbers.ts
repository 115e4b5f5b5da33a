import { goQuote } from '../../../go/text.ts'

const digits = {
  hex: /^0[xX](?:_?[0-9a-fA-F])+$/,
  binary: /^0[bB](?:_?[01])+$/,
  octal: /^0(?:[oO]_?)?[0-7](?:_?[0-7])*$|^0(?:_[0-7]+)+$/,
  decimal: /^(?:0|[1-9](?:_?[0-9])*)$/,
}
const decimalFloat = /^[+-]?(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9]+)?$/
const hexFloat = /^([+-]?)0[xX]_?([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9]+)$/

/**
 * A Go number literal: bigint for an integer constant, number for a float; undefined for an integer above int64 that
 * fits uint64, which Go refuses only when it is evaluated.
 * @throws Error with Go's text for what is no number
 */
export function parseNumber(source: string): bigint | number | undefined {
  const integer = parseInteger(source)
  if (integer !== undefined && BigInt.asIntN(64, integer) === integer) return integer
  if (integer !== undefined && /^[0-9]/.test(source) && BigInt.asUintN(64, integer) === integer) return undefined
  const float = parseFloat64(source)
  if (float !== undefined && /[.eEpP]/.test(source)) return float
  if (float !== undefined || integer !== undefined) throw new Error(`integer overflow: ${goQuote(source)}`)
  throw new Error(`illegal number syntax: ${goQuote(source)}`)
}

function parseInteger(source: string): bigint | undefined {
  const negative = source.startsWith('-')
  const unsigned = source.replace(/^[+-]/, '')
  const plain = unsigned.replaceAll('_', '')
  let value: bigint
  if (digits.hex.test(unsigned) || digits.binary.test(unsigned)) value = BigInt(plain.toLowerCase())
  else if (digits.octal.test(unsigned)) value = BigInt(`0o${plain.replace(/^0[oO]?/, '')}`)
  else if (digits.decimal.test(unsigned)) value = BigInt(plain)
  else return undefined
  return negative ? -value : value
}

function parseFloat64(source: string): number | undefined {
  if (decimalFloat.test(source)) return finite(Number(source.replaceAll('_', '')))
  const match = hexFloat.exec(source)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  const mantissa = (whole + fraction).replaceAll('_', '')
  if (mantissa === '') return undefined
  const scale = Number(exponent) - 4 * fraction.replaceAll('_', '').length
  const value = Number(BigInt(`0x${mantissa}`)) * 2 ** scale
  return finite(sign === '-' ? -value : value)
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
