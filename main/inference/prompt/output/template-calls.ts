import { argumentsOf } from './calls/json-call.ts'
import type { CallProgress, CallReader, CallSyntax, FoundCall, ReaderContext } from './format.ts'
import { GrowingText } from './growing-text.ts'
import { isObject, JsonScanner, tryJson } from './json-scanner.ts'
import { firstMarker, type Marker, unfinished } from './markers.ts'

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
  let text = new GrowingText(open)
  let any = false
  let value: { finder: CallFinder; scanner: JsonScanner; scanned: number; found: boolean } | undefined
  const advance = (): CallProgress => {
    const calls: FoundCall[] = []
    for (;;) {
      if (!value) {
        const read = text.from(0).replace(/^[\s,;]+/, '')
        text = new GrowingText(read)
        if (read === '') return { calls }
        if (read[0] !== '{' && read[0] !== '[') return { calls, rest: read }
        value = { finder: new CallFinder(context), scanner: new JsonScanner(), scanned: 0, found: false }
      }
      const added = text.from(value.scanned)
      const end = value.scanner.scan(added)
      const found = value.finder.push(end < 0 ? added : added.slice(0, end))
      if (end >= 0) found.push(...value.finder.end())
      value.scanned += end < 0 ? added.length : end
      value.found ||= found.length > 0
      calls.push(...found)
      if (end < 0) return { calls }
      const read = text.from(0)
      const rest = read.slice(value.scanned)
      if (!value.found) return { calls, text: read.slice(0, value.scanned), rest }
      any = true
      value = undefined
      text = new GrowingText(rest)
    }
  }
  return {
    push(added) {
      text.add(added)
      return advance()
    },
    end() {
      const calls = value?.finder.end() ?? []
      const isText = !any && calls.length === 0 && !value?.found
      return { calls, text: isText ? text.from(0) : '', rest: '' }
    },
  }
}

/** Finds calls in a growing text: the first name of a tool and the first object belong together. */
class CallFinder {
  readonly #names: readonly string[]
  #text = new GrowingText()
  /** The first name, and how far the text was searched for one. */
  #name: Marker | undefined
  #searched = 0
  /** Offset of the first object in the text, -1 when none has begun, and how far the text was read. */
  #start = -1
  #scanned = 0
  #scanner = new JsonScanner()

  constructor({ tools }: ReaderContext) {
    this.#names = tools.map(tool => tool.function.name)
  }

  push(text: string): FoundCall[] {
    this.#text.add(text)
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
    this.#name ??= this.#firstName(ended)
    const object = this.#name && this.#firstObject()
    if (!this.#name || !object) return undefined
    const { at, marker: name } = this.#name
    const args = argumentsWithin(object.value, name) ?? object.value
    this.#text = new GrowingText(this.#text.from(Math.max(object.end, at + name.length)))
    this.#name = undefined
    this.#searched = 0
    this.#start = -1
    this.#scanned = 0
    return { name, arguments: args }
  }

  #firstName(ended: boolean): Marker | undefined {
    const text = this.#text.from(this.#searched)
    const found = firstMarker(text, this.#names)
    const certain = text.length - unfinished(text, this.#names)
    if (!found) this.#searched += certain
    // A longer name may still be coming.
    if (!found || (!ended && certain <= found.at)) return undefined
    return { at: this.#searched + found.at, marker: found.marker }
  }

  /** The first balanced object that is JSON. */
  #firstObject(): { value: Record<string, unknown>; end: number } | undefined {
    for (;;) {
      if (this.#start < 0) {
        const at = this.#text.from(this.#scanned).indexOf('{')
        if (at < 0) {
          this.#scanned = this.#text.length
          return undefined
        }
        this.#start = this.#scanned + at
        this.#scanner = new JsonScanner()
        this.#scanned = this.#start
      }
      const end = this.#scanner.scan(this.#text.from(this.#scanned))
      if (end < 0) {
        this.#scanned = this.#text.length
        return undefined
      }
      const behind = this.#scanned + end
      const value = tryJson(this.#text.from(this.#start).slice(0, behind - this.#start))
      if (isObject(value)) return { value, end: behind }
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
