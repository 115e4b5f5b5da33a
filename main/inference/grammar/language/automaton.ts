import { type CodePoints, union } from './code-points.ts'
import { type Language, type Languages, tooLarge } from './language.ts'

/** A state of a deterministic automaton; its index in the array is its name. */
export interface State {
  /** A text may end here. */
  readonly accepting: boolean
  /** Every text is accepted from here on; such a state has no edges. */
  readonly anything: boolean
  /** Disjoint sets of characters and the state each leads to; every target can still reach an end. */
  readonly edges: readonly { readonly on: CodePoints; readonly to: number }[]
}

/** States one language may need: what llama.cpp's parser reads in well under a second. */
const maxStates = 20_000

/**
 * The automaton of a language; state 0 is its start. Empty when the language is.
 * @throws UnsupportedLanguage
 */
export function automaton(languages: Languages, language: Language): State[] {
  const order = [language]
  const index = new Map([[language, 0]])
  const edges: { on: CodePoints; to: number }[][] = []
  for (let at = 0; at < order.length; at++) {
    const state = order[at]!
    const targets = new Map<number, CodePoints>()
    const blocks = state === languages.anything ? [] : languages.blocks(state)
    for (const block of blocks) {
      const next = languages.derivative(state, block[0]![0])
      if (next === languages.none) continue
      if (!index.has(next)) {
        index.set(next, order.length)
        order.push(next)
        if (order.length > maxStates) throw tooLarge()
      }
      const to = index.get(next)!
      const others = targets.get(to)
      targets.set(to, others ? union(others, block) : block)
    }
    edges.push([...targets].map(([to, on]) => ({ on, to })))
  }
  const states = order.map((state, at) => ({
    accepting: state.nullable,
    anything: state === languages.anything,
    edges: edges[at]!,
  }))
  return merged(withoutDeadEnds(states))
}

/** Characters of the longest text; infinitely many where one can go on for ever. */
export function longestText(states: readonly State[]): number {
  const from: number[][] = states.map(() => [])
  const open = states.map(state => state.edges.length)
  states.forEach((state, at) => {
    for (const { to } of state.edges) from[to]!.push(at)
  })
  const longest = states.map(() => 0)
  const queue = states.flatMap(({ edges, anything }, at) => (edges.length === 0 && !anything ? [at] : []))
  let left = states.length
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    left--
    for (const before of from[at]!) {
      longest[before] = Math.max(longest[before]!, longest[at]! + 1)
      if (--open[before]! === 0) queue.push(before)
    }
  }
  return left === 0 ? (longest[0] ?? 0) : Number.POSITIVE_INFINITY
}

/** Steps from state to state that are taken in search of a text. */
const maxSearch = 200_000

/** Characters of the shortest text that has at least so many; infinitely many where none is found. */
export function shortestText(states: readonly State[], least: number): number {
  let reached = new Set(states.length > 0 ? [0] : [])
  for (let count = 0, steps = 0; reached.size > 0 && steps < maxSearch; count++) {
    const at = [...reached]
    if (count >= least && at.some(state => states[state]!.accepting)) return count
    reached = new Set(at.flatMap(state => (states[state]!.anything ? state : states[state]!.edges.map(({ to }) => to))))
    steps += reached.size
  }
  return Number.POSITIVE_INFINITY
}

function withoutDeadEnds(states: State[]): State[] {
  const from: number[][] = states.map(() => [])
  states.forEach((state, at) => {
    for (const { to } of state.edges) from[to]!.push(at)
  })
  const alive = new Set<number>()
  const queue = states.flatMap((state, at) => (state.accepting ? [at] : []))
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (alive.has(at)) continue
    alive.add(at)
    queue.push(...from[at]!)
  }
  if (!alive.has(0)) return []
  const renamed = new Map([...alive].sort((a, b) => a - b).map((old, at) => [old, at]))
  return [...renamed.keys()].map(old => ({
    ...states[old]!,
    edges: states[old]!.edges.flatMap(({ on, to }) => (renamed.has(to) ? [{ on, to: renamed.get(to)! }] : [])),
  }))
}

/**
 * States that accept the same texts made one, as far as they lie on no way into a loop. Numbers and lengths, which only
 * count, shrink to their minimum; what loops is small anyway.
 */
function merged(states: State[]): State[] {
  const from: number[][] = states.map(() => [])
  const open = states.map(state => state.edges.length)
  states.forEach((state, at) => {
    for (const { to } of state.edges) from[to]!.push(at)
  })
  const twin = states.map((_, at) => at)
  const known = new Map<string, number>()
  const queue = open.flatMap((count, at) => (count === 0 ? [at] : []))
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const { accepting, anything, edges } = states[at]!
    const ways = new Map<number, CodePoints>()
    for (const { on, to } of edges) ways.set(twin[to]!, union(ways.get(twin[to]!) ?? [], on))
    const sorted = [...ways].sort(([a], [b]) => a - b)
    states[at] = { accepting, anything, edges: sorted.map(([to, on]) => ({ on, to })) }
    const key = `${accepting} ${anything} ${sorted.map(([to, on]) => `${to}:${on.join(' ')}`).join(';')}`
    if (!known.has(key)) known.set(key, at)
    twin[at] = known.get(key)!
    for (const before of from[at]!) if (--open[before]! === 0) queue.push(before)
  }
  return numberedFromStart(states, twin)
}

function numberedFromStart(states: readonly State[], twin: readonly number[]): State[] {
  const renamed = new Map([[0, 0]])
  const order = states.length > 0 ? [0] : []
  const out: State[] = []
  for (let i = 0; i < order.length; i++) {
    const edges = states[order[i]!]!.edges.map(({ on, to }) => {
      const target = twin[to]!
      if (!renamed.has(target)) {
        renamed.set(target, order.length)
        order.push(target)
      }
      return { on, to: renamed.get(target)! }
    })
    out.push({ ...states[order[i]!]!, edges })
  }
  return out
}
