/**
 * Text as Go prints it. Manifests are content-addressed and error texts are compared by clients, so Hearth writes the
 * same bytes as Ollama does.
 */

/** A value as encoding/json prints a struct: keys in the order given, `<`, `>`, `&` and line separators escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As `goJson`, for values with integers that only a bigint holds. */
export function goExactJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  try {
    return goJson(value)
  } catch {
    // There is a bigint in it, which JSON.stringify refuses.
  }
  if (Array.isArray(value)) return `[${value.map(goExactJson).join(',')}]`
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined)
  return `{${entries.map(([key, item]) => `${goJson(key)}:${goExactJson(item)}`).join(',')}}`
}

/** A value as encoding/json prints a map: as `goJson`, with the keys of every object sorted by their UTF-8 bytes. */
export function goMapJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goMapJson).join(',')}]`
  if (value === null || typeof value !== 'object') return goJson(value ?? null)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return `{${entries.map(([key, item]) => `${goJson(key)}:${goMapJson(item)}`).join(',')}}`
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** Whether Go's strconv.IsPrint holds: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)
}

/** A string as `%q` prints it. */
export function goQuote(text: string): string {
  let quoted = '"'
  for (const character of text) {
    const short = shortEscapes[character]
    const code = character.codePointAt(0)!
    if (short !== undefined) quoted += short
    else if (code >= 0xd800 && code <= 0xdfff) quoted += '\\ufffd'
    else if (isPrintable(character)) quoted += character
    else if (code < 0x80) quoted += `\\x${code.toString(16).padStart(2, '0')}`
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, '0')}`
    else quoted += `\\U${code.toString(16).padStart(8, '0')}`
  }
  return `${quoted}"`
}

/** A float64 as `%v` prints it: the shortest digits, in exponent form below 1e-4 and from 1e6 up. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [digits, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return String(value)
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** A boolean as strconv.ParseBool reads it; undefined for any other text. */
export function goBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  return undefined
}

/** A count as Ollama prints a model's size: `8.0B`, `2.69M`, `12K`, `999` (upstream format/format.go). */
export function humanNumber(count: number): string {
  if (count >= 1e9) return `${shortFixed(count / 1e9, 1)}B`
  if (count >= 1e6) return `${shortFixed(count / 1e6, 2)}M`
  if (count >= 1e3) return `${goFixed(count / 1e3, 0)}K`
  return String(count)
}

function shortFixed(value: number, decimals: number): string {
  return goFixed(value, Number.isInteger(value) ? 0 : decimals)
}

/** `%.Nf`: as toFixed, but a value exactly between two is rounded to the even one. */
function goFixed(value: number, decimals: number): string {
  const tie = Number.isInteger(value * 2 ** (decimals + 1)) && !Number.isInteger(value * 2 ** decimals)
  if (!tie) return value.toFixed(decimals)
  const below = Math.floor(value * 10 ** decimals)
  return ((below % 2 === 0 ? below : below + 1) / 10 ** decimals).toFixed(decimals)
}
