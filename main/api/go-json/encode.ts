/**
 * JSON as Go's encoding/json writes it: the characters that HTML knows and the two line separators are escaped.
 * Undefined fields are left out, keys keep their order.
 */
export function encodeGoJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeCharacter)
}

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A moment as Go prints a time.Time in JSON: RFC 3339, up to nine digits after the second, none when they are zero.
 * @param nanoseconds since 1970
 * @param local in this machine's zone with its offset, instead of UTC with `Z`
 */
export function goTime(nanoseconds: bigint, local = false): string {
  const seconds = Number(nanoseconds / 1_000_000_000n)
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '')
  const offset = local ? -new Date(seconds * 1000).getTimezoneOffset() : 0
  const clock = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19)
  return clock + (fraction && `.${fraction}`) + zone(offset)
}

/** A Date as {@link goTime} prints it, in this machine's zone. */
export const goLocalTime = (date: Date): string => goTime(BigInt(date.getTime()) * 1_000_000n, true)

function zone(minutes: number): string {
  if (minutes === 0) return 'Z'
  const part = (value: number): string => Math.trunc(value).toString().padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}:${part(Math.abs(minutes) % 60)}`
}

/** Every text a person or a model wrote, in Go's quotes (the %q of fmt). */
export function goQuote(text: string): string {
  let out = ''
  for (const character of text) out += quotedCharacter(character)
  return `"${out}"`
}

const escapes: Readonly<Record<string, string>> = {
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

function quotedCharacter(character: string): string {
  const known = escapes[character]
  if (known) return known
  const code = character.codePointAt(0)!
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  // What Go does not hold for printable: controls, spaces but the plain one, formatting, private and unassigned ones.
  if (code > 0x7f && /[\p{C}\p{Z}]/u.test(character)) {
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  }
  return character
}
