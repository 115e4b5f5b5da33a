import { JinjaError } from './error.ts'
import { Callable, equal, LoopState, orElse, Tuple, Undefined, type Value } from './values.ts'

/** `loop` of a for over some items (jinja2/runtime.py, LoopContext). */
export function loopState(
  items: readonly Value[],
  index: () => number,
  depth: number,
  recurse: ((items: Value) => Value) | undefined,
): LoopState {
  let lastChanged: Value | undefined
  const neighbour = (at: number, what: string): Value => orElse(items[at], new Undefined(`there is no ${what} item`))
  const members: Record<string, () => Value> = {
    index: () => index() + 1,
    index0: index,
    revindex: () => items.length - index(),
    revindex0: () => items.length - index() - 1,
    first: () => index() === 0,
    last: () => index() === items.length - 1,
    length: () => items.length,
    depth: () => depth + 1,
    depth0: () => depth,
    previtem: () => neighbour(index() - 1, 'previous'),
    nextitem: () => neighbour(index() + 1, 'next'),
    cycle: () => new Callable('cycle', ({ positional }) => orElse(positional[index() % positional.length], null)),
    changed: () =>
      new Callable('changed', ({ positional }) => {
        const value = new Tuple(positional)
        const changed = lastChanged === undefined || !equal(lastChanged, value)
        lastChanged = value
        return changed
      }),
    __call__: () =>
      new Callable('loop', ({ positional }) => {
        if (!recurse) throw new JinjaError("The loop must have the 'recursive' marker to be called recursively.")
        return recurse(orElse(positional[0], null))
      }),
  }
  return new LoopState(name => (Object.hasOwn(members, name) ? members[name]!() : undefined))
}
