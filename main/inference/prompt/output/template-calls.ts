import { argumentsOf } from './calls/json-call.ts'
import type { CallProgress, CallReader, CallSyntax, FoundCall, ReaderContext } from './format.ts'
import { isObject, JsonScanner, tryJson } from './json-scanner.ts'
import { firstMarker, unfinished } from './markers.ts'

/**
 * Calls as a Go template shows them (upstream tools/tools.go). All that is known is the text before the calls, so the
 * name of a tool and the first JSON object make a call, whatever stands around them.
 * @param tag the template's text before calls, `{` or `[` when it has none of its own
 */
export function templateCalls(tag: string): CallSyntax {
  const isBracket = tag === '{' || tag === '['
  const special = /^(?:\[[^\]]*\]|<[^>]*>)/.exec(tag)?.[0]
  return {
    open: isBracket ? [] : [tag],
    openFirst: isBracket ? [tag] : undefined,
    markers: special ? [special] : [],
    reader: (open, context) => (isBracket ? bracketReader(open, context) : tagReader(context)),
  }
}

/** Behind a tag all is calls; what is left when the answer ends is not shown. */
function tagReader(context: ReaderContext): CallReader {
  const finder = new CallFinder(context)
  return {
    push: text => ({ calls: finder.push(text) }),
    end: () => ({ calls: finder.end(), rest: '' }),
  }
}

/** Bare JSON: a value that names a tool is a call, another is text, and what follows one of them is text, too. */
function bracketReader(open: string, context: ReaderContext): CallReader {
  let text = open
  let any = false
  let value: { finder: CallFinder; scanner: JsonScanner; scanned: number; found: boolean } | undefined
  const advance = (): CallProgress => {
    const calls: FoundCall[] = []
    for (;;) {
      if (!value) {
        text = text.replace(/^[\s,;]+/, '')
        if (text === '') return { calls }
        if (text[0] !== '{' && text[0] !== '[') return { calls, rest: text }
        value = { finder: new CallFinder(context), scanner: new JsonScanner(), scanned: 0, found: false }
      }
      const end = value.scanner.scan(text, value.scanned)
      const upTo = end < 0 ? text.length : end
      const found = value.finder.push(text.slice(value.scanned, upTo))
      if (end >= 0) found.push(...value.finder.end())
      value.scanned = upTo
      value.found ||= found.length > 0
      calls.push(...found)
      if (end < 0) return { calls }
      if (!value.found) return { calls, text: text.slice(0, end), rest: text.slice(end) }
      any = true
      value = undefined
      text = text.slice(end)
    }
  }
  return {
    push(added) {
      text += added
      return advance()
    },
    end() {
      const calls = value?.finder.end() ?? []
      const isText = !any && calls.length === 0 && !value?.found
      return { calls, text: isText ? text : '', rest: '' }
    },
  }
}

/** Finds calls in a growing text: the first name of a tool and the first object belong together. */
class CallFinder {
  readonly #names: readonly string[]
  #buffer = ''
  /** Offset of the first object in the buffer, -1 when none has begun, and how far the buffer was read. */
  #start = -1
  #scanned = 0
  #scanner = new JsonScanner()

  constructor({ tools }: ReaderContext) {
    this.#names = tools.map(tool => tool.function.name)
  }

  push(text: string): FoundCall[] {
    this.#buffer += text
    return this.#all(false)
  }

  end(): FoundCall[] {
    return this.#all(true)
  }

  #all(ended: boolean): FoundCall[] {
    const calls: FoundCall[] = []
    for (let call = this.#next(ended); call; call = this.#next(ended)) calls.push(call)
    return calls
  }

  #next(ended: boolean): FoundCall | undefined {
    const name = firstMarker(this.#buffer, this.#names)
    // A longer name may still be coming.
    if (!name || (!ended && this.#maySoonBeLonger(name.at))) return undefined
    const object = this.#firstObject()
    if (!object) return undefined
    const args = argumentsWithin(object.value, name.marker) ?? object.value
    this.#buffer = this.#buffer.slice(Math.max(object.end, name.at + name.marker.length))
    this.#start = -1
    this.#scanned = 0
    return { name: name.marker, arguments: args }
  }

  #maySoonBeLonger(at: number): boolean {
    const open = unfinished(this.#buffer, this.#names)
    return open > 0 && this.#buffer.length - open <= at
  }

  /** The first balanced object that is JSON. */
  #firstObject(): { value: Record<string, unknown>; end: number } | undefined {
    for (;;) {
      if (this.#start < 0) {
        this.#start = this.#buffer.indexOf('{', this.#scanned)
        if (this.#start < 0) {
          this.#scanned = this.#buffer.length
          return undefined
        }
        this.#scanner = new JsonScanner()
        this.#scanned = this.#start
      }
      const end = this.#scanner.scan(this.#buffer, this.#scanned)
      if (end < 0) {
        this.#scanned = this.#buffer.length
        return undefined
      }
      const value = tryJson(this.#buffer.slice(this.#start, end))
      if (isObject(value)) return { value, end }
      this.#scanned = this.#start + 1
      this.#start = -1
    }
  }
}

/** The arguments in an object that holds a call, wherever the template's model put them. */
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
