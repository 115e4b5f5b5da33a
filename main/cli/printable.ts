/** What a terminal acts on, but for newline and tab. */
const control = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g

/** What makes a name read as another: breaks of line, and marks that turn the direction of writing. */
const deceptive = /[\n\t\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Text of a model, a server or a file as a terminal may show it: what would command the terminal is written out. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(control, escaped)
}

/** As `printable`, for what stands in one line and is compared by eye: a name, a status. */
export function printableLine(text: string): string {
  return text.replace(control, escaped).replace(deceptive, escaped)
}

function escaped(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
