import { parseInOrder } from '../../../go/json/key-order.ts'

/** Finds where a JSON object or array ends, fed piece by piece; strings and their escapes are understood. */
export class JsonScanner {
  #depth = 0
  #inString = false
  #escaped = false

  /**
   * Reads on in the text that follows; the first character of all must be the opening bracket.
   * @returns the offset in this text behind the closing bracket, or -1 when it has not come yet
   */
  scan(text: string): number {
    for (let at = 0; at < text.length; at++) {
      const character = text[at]
      if (this.#escaped) this.#escaped = false
      else if (this.#inString) {
        if (character === '\\') this.#escaped = true
        else if (character === '"') this.#inString = false
      } else if (character === '"') this.#inString = true
      else if (character === '{' || character === '[') this.#depth++
      else if ((character === '}' || character === ']') && --this.#depth === 0) return at + 1
    }
    return -1
  }
}

/** Parses JSON, whose objects remember the order of their keys; undefined for what is none. */
export function tryJson(text: string): unknown {
  try {
    return parseInOrder(text)
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
