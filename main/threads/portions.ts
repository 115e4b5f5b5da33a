import { addMember, remembersOrder, writtenKeys } from '../go/json/key-order.ts'

/** Some of the parts of a large value, and where they belong. */
export interface Portion {
  /** Number of the container that gets `items`; 0 is a list around the whole value. */
  readonly into: number
  /** Elements of a list, or keys and values of an object in turns. */
  readonly items: readonly unknown[]
  /** Containers that come empty among the items and are filled by later portions, in the order of their numbers. */
  readonly open: readonly object[]
}

/** Values that one portion holds at most, about two milliseconds of work for who takes it. */
const weightOfPortion = 2500

/** Characters of a text that weigh as much as one value. */
const charactersOfWeight = 512

/** Containers within containers that a portion may hold: whoever takes it goes down by recursion. */
const depthOfPortion = 50

/**
 * Plain data cut up, so that who puts it together again can do other things in between: a value of half a million
 * objects takes a second to cross from one thread to another. A single text or list of bytes is never cut.
 */
export function* portions(value: unknown): Generator<Portion> {
  /** Containers to be told, by their numbers; the loop comes to those that are found on its way. */
  const containers: Container[] = [[value]]
  for (const [into, container] of containers.entries()) {
    let items: unknown[] = []
    let open: object[] = []
    let weight = 0
    for (const [key, child] of partsOf(container)) {
      const wanted = weigh(child, weightOfPortion, depthOfPortion)
      const whole = wanted <= weightOfPortion || !isContainer(child)
      const told = whole ? child : Array.isArray(child) ? [] : {}
      if (!whole) {
        open.push(told as object)
        containers.push(child)
      }
      if (key !== undefined) items.push(key)
      items.push(told)
      weight += whole ? wanted : 1
      if (weight < weightOfPortion) continue
      yield { into, items, open }
      items = []
      open = []
      weight = 0
    }
    if (items.length > 0) yield { into, items, open }
  }
}

type Container = readonly unknown[] | Readonly<Record<string, unknown>>

function* partsOf(container: Container): Generator<readonly [string | undefined, unknown]> {
  if (Array.isArray(container)) for (const element of container) yield [undefined, element]
  else for (const key of writtenKeys(container)) yield [key, (container as Readonly<Record<string, unknown>>)[key]]
}

/** How many values there are in a value; more than `most` when there are more, or when they lie too deep. */
function weigh(value: unknown, most: number, depth: number): number {
  if (typeof value === 'string') return 1 + value.length / charactersOfWeight
  if (!isContainer(value)) return 1
  // What crosses as it is, crosses without the order of its keys.
  if (depth === 0 || remembersOrder(value)) return Number.POSITIVE_INFINITY
  const children = Array.isArray(value) ? value : Object.values(value)
  if (children.length > most) return Number.POSITIVE_INFINITY
  let weight = 1
  for (const child of children) {
    weight += weigh(child, most - weight, depth - 1)
    if (weight > most) break
  }
  return weight
}

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)

/** Puts a value together from its portions. */
export class Assembly {
  readonly #containers: object[] = [[]]

  add({ into, items, open }: Portion): void {
    const container = this.#containers[into]!
    if (Array.isArray(container)) for (const item of items) container.push(item)
    else for (let i = 0; i < items.length; i += 2) addMember(container, items[i] as string, items[i + 1])
    for (const hollow of open) this.#containers.push(hollow)
  }

  /** Complete when all portions were added. */
  get value(): unknown {
    return (this.#containers[0] as unknown[])[0]
  }
}
