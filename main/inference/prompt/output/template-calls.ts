import { argumentsOf } from './calls/json-call.ts'
import type { CallProgress, CallReader, CallSyntax, FoundCall, ReaderContext } from './format.ts'
import { isObject, JsonScanner, tryJson } from './json-scanner.ts'
import { firstMarker, unfinished } from './markers.ts'

/**
 * Calls as a Go template shows them (upstream tools/tools.go). All that is known is the text before the calls, so the
 * name of a tool and the next JSON object make a call, whatever stands around them.
 * @param tag the template's text before calls, `{` or `[` when it has none of its own
 */
export function templateCalls(tag: string): CallSyntax {
  const isBracket = tag === '{' || tag === '['
  const special = /^(?:\[[^\]]*\]|<[^>]*>)/.exec(tag)?.[0]
  return {
    open: isBracket ? [] : [tag],
    openFirst: isBracket ? [tag] : undefined,
    markers: special ? [special] : [],
    reader: (open, context) => new TemplateCallReader(isBracket ? open : '', context),
  }
}

class TemplateCallReader implements CallReader {
  readonly #names: readonly string[]
  readonly #isBracket: boolean
  #buffer: string
  #found = false
  /** Offset of the first object in the buffer, and how far it was read. */
  #start = -1
  #scanned = 0
  #scanner: JsonScanner | undefined
  /** The bracket the answer began with, until it closes. */
  readonly #outer = new JsonScanner()
  #outerScanned = 0

  constructor(bracket: string, { tools }: ReaderContext) {
    this.#names = tools.map(tool => tool.function.name)
    this.#isBracket = bracket !== ''
    this.#buffer = bracket
  }

  push(text: string): CallProgress {
    this.#buffer += text
    return this.#advance(false)
  }

  end(): CallProgress {
    const { calls, rest } = this.#advance(true)
    if (rest !== undefined) return { calls, rest }
    // Bare JSON that held no call was an answer in JSON; behind a tag of its own a failed call is not shown.
    return { calls, text: this.#isBracket && !this.#found ? this.#buffer : '', rest: '' }
  }

  #advance(ended: boolean): CallProgress {
    const calls: FoundCall[] = []
    for (let call = this.#next(ended); call; call = this.#next(ended)) calls.push(call)
    if (calls.length > 0) this.#found = true
    if (!this.#isBracket) return { calls }
    return this.#found ? this.#afterBracketCall(calls) : this.#withoutBracketCall(calls)
  }

  /** Behind a call in bare JSON: more calls, the closing bracket of a list, or text. */
  #afterBracketCall(calls: readonly FoundCall[]): CallProgress {
    const text = this.#buffer.replace(/^[\s,;\]]+/, '')
    if (text === '' || text.startsWith('{') || text.startsWith('[')) return { calls }
    return { calls, rest: text }
  }

  /** JSON that closed without naming a tool is text, and so is all that follows it. */
  #withoutBracketCall(calls: readonly FoundCall[]): CallProgress {
    const end = this.#outer.scan(this.#buffer, this.#outerScanned)
    this.#outerScanned = this.#buffer.length
    return end < 0 ? { calls } : { calls, text: this.#buffer, rest: '' }
  }

  /** Takes the next complete call out of the buffer. */
  #next(ended: boolean): FoundCall | undefined {
    const name = firstMarker(this.#buffer, this.#names)
    // A longer name may still be coming.
    if (!name || (!ended && this.#namesOther(name))) return undefined
    const object = this.#nextObject()
    if (!object) return undefined
    const args = findArguments(object.value, name.marker)
    this.#buffer = this.#buffer.slice(Math.max(object.end, name.at + name.marker.length))
    this.#start = -1
    return { name: name.marker, arguments: args }
  }

  #namesOther({ at }: { at: number }): boolean {
    const open = unfinished(this.#buffer, this.#names)
    return open > 0 && this.#buffer.length - open <= at
  }

  /** The first balanced object that is JSON. */
  #nextObject(): { value: Record<string, unknown>; end: number } | undefined {
    for (;;) {
      if (this.#start < 0) {
        this.#start = this.#buffer.indexOf('{', Math.max(0, this.#scanned))
        if (this.#start < 0) {
          this.#scanned = this.#buffer.length
          return undefined
        }
        this.#scanner = new JsonScanner()
        this.#scanned = this.#start
      }
      const end = this.#scanner!.scan(this.#buffer, this.#scanned)
      this.#scanned = this.#buffer.length
      if (end < 0) return undefined
      const value = tryJson(this.#buffer.slice(this.#start, end))
      const start = this.#start
      this.#start = -1
      this.#scanned = 0
      if (isObject(value)) return { value, end }
      this.#scanned = start + 1
    }
  }
}

/** The arguments in an object that holds a call, wherever the template's model put them. */
function findArguments(object: Record<string, unknown>, name: string): Record<string, unknown> {
  return argumentsWithin(object, name) ?? object
}

function argumentsWithin(value: unknown, name: string): Record<string, unknown> | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = argumentsWithin(item, name)
      if (found) return found
    }
    return undefined
  }
  if (!isObject(value)) return undefined
  if (typeof value.name === 'string') return argumentsOf(value.arguments ?? value.parameters) ?? {}
  if (isObject(value[name])) return value[name]
  for (const item of Object.values(value)) {
    const found = argumentsWithin(item, name)
    if (found) return found
  }
  return undefined
}
