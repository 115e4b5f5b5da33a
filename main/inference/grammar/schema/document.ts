import { Problem } from '../../../problem.ts'

/** Where a schema stands: a JSON pointer in its fragment form without percent signs, such as `#/properties/a`. */
export type Place = string

/** How far a schema may go; more is refused before any work is done on it. */
const maxDepth = 200
const maxNodes = 50_000
const maxCharacters = 2_000_000

/** The error for a schema we cannot obey, naming the place. */
export function refuse(place: Place, message: string): never {
  throw new Problem('invalid-request', 400, `invalid JSON schema in format at ${place}: ${message}`)
}

export function child(place: Place, ...tokens: (string | number)[]): Place {
  return tokens.reduce<string>(
    (at, token) => `${at}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    place,
  )
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A schema and the schemas inside it, found by place, `$id` or `$anchor`. */
export class SchemaDocument {
  readonly #root: unknown
  readonly #found = new Map<Place, unknown>()
  /** `$id` of each resource inside the document. */
  readonly #resources = new Map<string, Place>()
  /** Places of resources, innermost decide what `#/…` means. */
  readonly #bases = new Set<Place>(['#'])
  readonly #anchors = new Map<string, Place>()

  /** @throws Problem 400 when the schema is too deep or too large */
  constructor(root: unknown) {
    this.#root = root
    this.#survey()
  }

  /** The schema at a place that is known to exist. */
  at(place: Place): unknown {
    if (!this.#found.has(place)) this.#found.set(place, this.#resolve('#', place.slice(1)))
    return this.#found.get(place)
  }

  /**
   * The place a `$ref` written at `from` points to.
   * @throws Problem 400 when it leads out of the document or to nothing
   */
  target(ref: unknown, from: Place): Place {
    const here = child(from, '$ref')
    if (typeof ref !== 'string') refuse(here, '"$ref" must be a string')
    const [id, fragment = ''] = ref.split('#', 2) as [string, string?]
    const base = id === '' ? this.#baseOf(from) : this.#resources.get(id)
    if (base === undefined) refuse(here, `"$ref" leads outside the schema: ${JSON.stringify(ref)}`)
    if (fragment === '') return base
    if (!fragment.startsWith('/')) {
      return this.#anchors.get(`${base} ${fragment}`) ?? refuse(here, `there is no anchor ${JSON.stringify(fragment)}`)
    }
    const pointer = decoded(fragment) ?? refuse(here, `broken escape in ${JSON.stringify(ref)}`)
    if (this.#resolve(base, pointer) === undefined) refuse(here, `there is nothing at ${JSON.stringify(ref)}`)
    return base + pointer
  }

  #baseOf(place: Place): Place {
    let at = place
    while (!this.#bases.has(at)) at = at.slice(0, at.lastIndexOf('/'))
    return at
  }

  #resolve(base: Place, pointer: string): unknown {
    let value = base === '#' ? this.#root : this.at(base)
    for (const token of pointer.split('/').slice(1)) {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }

  /** One walk that bounds all later work and notes the names schemas are given. */
  #survey(): void {
    let nodes = 0
    let characters = 0
    const open: { value: unknown; place: Place; depth: number; base: Place }[] = [
      { value: this.#root, place: '#', depth: 0, base: '#' },
    ]
    for (let node = open.pop(); node; node = open.pop()) {
      const { value, place, depth } = node
      if (typeof value === 'string') characters += value.length
      if (++nodes > maxNodes || characters > maxCharacters) refuse('#', 'the schema is too large')
      if (typeof value !== 'object' || value === null) continue
      if (depth > maxDepth) refuse('#', `the schema is nested deeper than ${maxDepth} levels`)
      const base = isObject(value) ? this.#note(value, place, node.base) : node.base
      for (const [key, inner] of Object.entries(value)) {
        characters += key.length
        open.push({ value: inner, place: child(place, key), depth: depth + 1, base })
      }
    }
  }

  #note(schema: Record<string, unknown>, place: Place, outer: Place): Place {
    let base = outer
    if (Object.hasOwn(schema, '$id') && typeof schema.$id === 'string' && !schema.$id.startsWith('#')) {
      base = place
      this.#bases.add(place)
      this.#resources.set(schema.$id.replace(/#$/, ''), place)
    }
    for (const keyword of ['$anchor', '$dynamicAnchor', '$id']) {
      const name = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined
      if (typeof name !== 'string') continue
      if (keyword !== '$id') this.#anchors.set(`${base} ${name}`, place)
      else if (name.startsWith('#')) this.#anchors.set(`${base} ${name.slice(1)}`, place)
    }
    return base
  }
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}
