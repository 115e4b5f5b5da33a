import { Decoder } from './decoder.ts'

/**
 * The order in which an object's keys were written, where JavaScript loses it: it puts keys that look like an index
 * before all others and sorts them, so that `{"10":…,"9":…}` would be told as `{"9":…,"10":…}`.
 */

/** Only of objects with such a key; all others keep the order by themselves. */
const orders = new WeakMap<object, Set<string>>()

const looksLikeIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(key)

/** Gives the object a member, `__proto__` too; one that is there already keeps its place. */
export function addMember(object: object, key: string, value: unknown): void {
  if (looksLikeIndex(key) && !orders.has(object)) orders.set(object, new Set(Object.keys(object)))
  orders.get(object)?.add(key)
  Reflect.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** An object of these members, which remembers their order. */
export function objectOf<T>(members: Iterable<readonly [string, T]>): Record<string, T> {
  const object: Record<string, T> = {}
  for (const [key, value] of members) addMember(object, key, value)
  return object
}

/** Whether the object's own order of keys is not the one they were written in. */
export const remembersOrder = (object: object): boolean => orders.has(object)

/** The object's keys in the order they were written in. */
export const writtenKeys = (object: object): string[] => [...(orders.get(object) ?? Object.keys(object))]

/**
 * The object with its keys, and those of all objects in it, in the order written: to be printed or read at once, as
 * such a view cannot change threads.
 */
export const inWrittenOrder = <T extends object>(object: T): T => (holdsOrder(object) ? (view(object) as T) : object)

/** Without recursion: arguments may be nested deeper than JavaScript's stack. */
function holdsOrder(object: object): boolean {
  const containers: object[] = [object]
  for (const container of containers) {
    if (orders.has(container)) return true
    for (const child of Object.values(container)) if (isContainer(child)) containers.push(child)
  }
  return false
}

function view(object: object): object {
  const get = (target: object, key: string | symbol): unknown => {
    const child: unknown = Reflect.get(target, key)
    return isContainer(child) ? view(child) : child
  }
  return new Proxy(object, orders.has(object) ? { get, ownKeys: writtenKeys } : { get })
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Levels below which nobody asks for an order, and far fewer than JavaScript's stack bears. */
const depthOfOrder = 100

/** As JSON.parse, for objects that remember the order of their keys. */
export function parseInOrder(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return /"\d+"\s*:/.test(text) ? read(new Decoder(Buffer.from(text), 0), depthOfOrder) : value
}

function read(from: Decoder, depth: number): unknown {
  const kind = depth > 0 ? from.kind() : 'null'
  if (kind === 'object') {
    const object = {}
    from.object(key => addMember(object, key, read(from, depth - 1)))
    return object
  }
  if (kind === 'array') {
    const list: unknown[] = []
    from.array(() => list.push(read(from, depth - 1)))
    return list
  }
  return JSON.parse(from.text())
}
