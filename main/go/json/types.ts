import { Problem } from '../../problem.ts'
import { decodeBase64 } from './base64.ts'
import { Decoder } from './decoder.ts'
import { addMember, parseInOrder } from './key-order.ts'
import { scanValue } from './scan.ts'

/**
 * A Go type as encoding/json fills it. Requests are described with these, so that every one of them is read with Go's
 * leniency and refused in Go's words.
 */
export interface GoType<T> {
  /** As Go prints the type in errors, e.g. `map[string]interface {}`. */
  readonly goName: string
  /** What a field holds that the JSON does not name. */
  zero(): T
  /**
   * Reads the value under the cursor. One that does not fit is noted with the decoder and leaves `current`, what the
   * field holds already (from an earlier key of the same name).
   */
  read(from: Decoder, current: T): T
}

export type Infer<G> = G extends GoType<infer T> ? T : never

/**
 * The first JSON value of a body, read as `type`. Undefined for a body without one (Go's io.EOF).
 * @throws Problem 400 with the text of encoding/json
 */
export function decodeGoJson<T>(type: GoType<T>, bytes: Buffer): T | undefined {
  const span = scanValue(bytes)
  if (!span) return undefined
  const decoder = new Decoder(bytes.subarray(0, span.end), span.start)
  return withinStack(() => decoder.run(() => type.read(decoder, type.zero())))
}

/**
 * Runs what goes down into the values of a body by recursion: JavaScript's stack ends before Go's limit of nesting
 * does.
 * @throws Problem 400 where the stack ends
 */
export function withinStack<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw new Problem('invalid-request', 400, 'request body is nested too deeply')
    throw error
  }
}

export const string: GoType<string> = {
  goName: 'string',
  zero: () => '',
  read: (from, current) => expect('string', from, current, string, () => from.string()),
}

export const bool: GoType<boolean> = {
  goName: 'bool',
  zero: () => false,
  read: (from, current) => expect('bool', from, current, bool, () => from.text() === 'true'),
}

/** Whole numbers of 64 bits; beyond 2^53 the nearest double. */
export const int: GoType<number> = {
  goName: 'int',
  zero: () => 0,
  read: (from, current) =>
    expect('number', from, current, int, () => {
      const text = from.text()
      if (/^-?\d+$/.test(text) && fitsInt64(text)) return Number(text)
      from.refuse(int.goName, `number ${text}`)
      return current
    }),
}

const fitsInt64 = (digits: string): boolean =>
  digits.length < 16 || (digits.length <= 20 && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits))

/** A double; a number beyond its range does not fit. */
export const float64: GoType<number> = float('float64', Number.MAX_VALUE)

/** A number of 32 bits, kept as the double it was read as. */
export const float32: GoType<number> = float('float32', 3.4028235677973366e38)

function float(goName: string, largest: number): GoType<number> {
  const type: GoType<number> = {
    goName,
    zero: () => 0,
    read: (from, current) =>
      expect('number', from, current, type, () => {
        const text = from.text()
        if (Math.abs(Number(text)) <= largest) return Number(text)
        from.refuse(goName, `number ${text}`)
        return current
      }),
  }
  return type
}

/** The text of whatever value stands there, null too, to be read later (json.RawMessage); undefined when absent. */
export const raw: GoType<string | undefined> = {
  goName: 'json.RawMessage',
  zero: () => undefined,
  read: from => from.text(),
}

/** Anything: objects, arrays, strings, numbers, booleans; undefined for null. */
export const any: GoType<unknown> = {
  goName: 'interface {}',
  zero: () => undefined,
  read: from => from.any() ?? undefined,
}

/** As {@link any}, for objects that remember the order of their keys. */
export const anyInOrder: GoType<unknown> = { ...any, read: from => from.any(parseInOrder) ?? undefined }

/** A string map of anything, in the order of the text. */
export const anyMap: GoType<Record<string, unknown> | undefined> = {
  goName: 'map[string]interface {}',
  zero: () => undefined,
  read(from, current) {
    if (from.kind() === 'object') return { ...current, ...(from.any() as Record<string, unknown> | undefined) }
    return nilOr(from, current, anyMap)
  },
}

export const stringMap: GoType<Record<string, string> | undefined> = {
  goName: 'map[string]string',
  zero: () => undefined,
  read(from, current) {
    if (from.kind() !== 'object') return nilOr(from, current, stringMap)
    const entries = new Map(Object.entries(current ?? {}))
    from.object(key => entries.set(key, string.read(from, '')))
    return Object.fromEntries(entries)
  },
}

/** Bytes, written as base64 (or, as Go allows, as an array of numbers). */
export function bytes(goName: string): GoType<Uint8Array | undefined> {
  const octet: GoType<number> = {
    goName: 'uint8',
    zero: () => 0,
    read: (from, current) =>
      expect('number', from, current, octet, () => {
        const text = from.text()
        if (/^\d+$/.test(text) && Number(text) < 256) return Number(text)
        from.refuse(octet.goName, `number ${text}`)
        return current
      }),
  }
  const octets = slice(octet)
  const type: GoType<Uint8Array | undefined> = {
    goName,
    zero: () => undefined,
    read(from, current) {
      if (from.kind() === 'array') return Uint8Array.from(octets.read(from, undefined) ?? [])
      if (from.kind() !== 'string') return nilOr(from, current, type)
      try {
        return decodeBase64(from.string())
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        from.save(error)
        return current
      }
    },
  }
  return type
}

export function slice<T>(element: GoType<T>, goName = `[]${element.goName}`): GoType<T[] | undefined> {
  const type: GoType<T[] | undefined> = {
    goName,
    zero: () => undefined,
    read(from, current) {
      if (from.kind() !== 'array') return nilOr(from, current, type)
      const elements: T[] = []
      from.array(() => elements.push(element.read(from, element.zero())))
      return elements
    },
  }
  return type
}

/** Tells null and absence, both undefined, from a zero value. */
export function pointer<T>(to: GoType<T>): GoType<T | undefined> {
  return {
    goName: `*${to.goName}`,
    zero: () => undefined,
    read(from, current) {
      if (from.kind() !== 'null') return to.read(from, current ?? to.zero())
      from.skip()
      return undefined
    },
  }
}

/** The type that `resolve` names, asked for only when needed: for types that hold themselves. */
export function lazy<T>(goName: string, resolve: () => GoType<T>): GoType<T> {
  return { goName, zero: () => resolve().zero(), read: (from, current) => resolve().read(from, current) }
}

/** A type with an UnmarshalJSON of its own: read apart from what is around it, its first error ending the whole. */
export function nested<T>(type: GoType<T>): GoType<T> {
  return { ...type, read: from => from.nested(() => type.read(from, type.zero())) }
}

/** Part of a type with an UnmarshalJSON that it reads on its own: errors in it do not name the way that led to it. */
export function apart<T>(type: GoType<T>): GoType<T> {
  return { ...type, read: (from, current) => from.apart(() => type.read(from, current)) }
}

/** A type with an UnmarshalJSON that reads anything and converts it, or throws. */
export function converted<T>(zero: T, convert: (value: unknown) => T): GoType<T> {
  return {
    goName: 'interface {}',
    zero: () => zero,
    read: from =>
      from.nested(() => {
        const value = any.read(from, undefined)
        from.endIfRefused()
        return convert(value)
      }),
  }
}

/** An object that remembers the order of its keys, see `inWrittenOrder` (upstream internal/orderedmap). */
export function orderedMap<T>(element: GoType<T>): GoType<Record<string, T>> {
  return {
    goName: 'orderedmap.Map',
    zero: () => ({}),
    read: from =>
      from.nested(() => {
        const members: Record<string, T> = {}
        if (from.kind() === 'null') from.skip()
        else if (from.kind() === 'object') {
          from.object(key =>
            addMember(
              members,
              key,
              from.nested(() => element.read(from, element.zero())),
            ),
          )
        } else {
          // What the parser behind upstream's ordered map says of anything but an object.
          throw new Problem('invalid-request', 400, "Value looks like object, but can't find closing '}' symbol")
        }
        return members
      }),
  }
}

type Fields = Readonly<Record<string, GoType<unknown>>>
type StructOf<F extends Fields> = { [K in keyof F]: Infer<F[K]> }

/**
 * A Go struct. Keys match whatever their case, the exact one first; unknown keys are skipped; a key that comes again
 * overwrites; null leaves everything as it is.
 * @param name as Go prints it in errors, without its package; empty for a struct without a name
 * @param goName as Go prints it where the struct itself was wanted
 */
export function struct<F extends Fields>(name: string, fields: F, goName = `api.${name}`): GoType<StructOf<F>> {
  const folded = new Map<string, string>()
  for (const field of Object.keys(fields)) folded.set(fold(field), field)
  // Made when it is first wanted, as a field's type may be one that is not there yet. Nobody changes it: reading
  // copies.
  let zero: StructOf<F> | undefined
  const makeZero = () =>
    Object.fromEntries(Object.entries(fields).map(([field, { zero }]) => [field, zero()])) as StructOf<F>
  const type: GoType<StructOf<F>> = {
    goName,
    zero: () => {
      zero ??= makeZero()
      return zero
    },
    read(from, current) {
      if (from.kind() !== 'object') return keepOr(from, current, type)
      const value: Record<string, unknown> = { ...current }
      from.object(key => {
        const field = Object.hasOwn(fields, key) ? key : folded.get(fold(key))
        if (field === undefined) from.skip()
        else value[field] = from.inField(name, field, () => fields[field]!.read(from, value[field]))
      })
      return value as StructOf<F>
    },
  }
  return type
}

/** Unicode's simple folding, as far as it reaches the ASCII letters of field names. */
const fold = (key: string): string => key.replaceAll('ſ', 's').toLowerCase()

function expect<T>(kind: string, from: Decoder, current: T, type: GoType<T>, read: () => T): T {
  return from.kind() === kind ? read() : keepOr(from, current, type)
}

/** Null means "no change" to what has no nil. */
function keepOr<T>(from: Decoder, current: T, type: GoType<T>): T {
  if (from.kind() === 'null') from.skip()
  else from.misfit(type.goName)
  return current
}

/** Null means nil to maps and slices. */
function nilOr<T>(from: Decoder, current: T | undefined, type: GoType<T | undefined>): T | undefined {
  if (from.kind() === 'null') {
    from.skip()
    return undefined
  }
  from.misfit(type.goName)
  return current
}
