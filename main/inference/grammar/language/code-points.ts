/**
 * A set of Unicode scalar values: sorted, disjoint, non-touching [first, last] pairs. Surrogates are never members,
 * since no UTF-8 text can hold one.
 */
export type CodePoints = readonly (readonly [first: number, last: number])[]

export const everyCodePoint: CodePoints = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
]

/** Any pairs, in any order and overlapping, as a set; surrogates are left out. */
export function codePoints(...pairs: (readonly [number, number])[]): CodePoints {
  return intersection(joined(pairs), everyCodePoint)
}

/** The characters of a text as a set. */
export function charactersOf(text: string): CodePoints {
  return codePoints(...[...text].map(character => [character.codePointAt(0)!, character.codePointAt(0)!] as const))
}

const properties = new Map<string, CodePoints>()

/** Every character in order. */
let alphabet: string | undefined

/** The characters that have a Unicode property, named as in a regular expression; undefined when there is none. */
export function withProperty(name: string): CodePoints | undefined {
  const known = properties.get(name)
  if (known) return known
  let members: RegExp
  try {
    members = new RegExp(`\\p{${name}}+`, 'gu')
  } catch {
    return undefined
  }
  alphabet ??= everyCodePoint.map(([first, last]) => characters(first, last)).join('')
  const runs = [...alphabet.matchAll(members)].map(([run]) => ends(run))
  const set = codePoints(...runs)
  properties.set(name, set)
  return set
}

function characters(first: number, last: number): string {
  const parts: string[] = []
  for (let code = first; code <= last; code++) parts.push(String.fromCodePoint(code))
  return parts.join('')
}

/**
 * The first and the last character of neighbours; a run that reaches over the surrogates is cut there by `codePoints`.
 */
function ends(run: string): [number, number] {
  const last = run.codePointAt(run.length - 2)!
  return [run.codePointAt(0)!, last > 0xffff ? last : run.charCodeAt(run.length - 1)]
}

export function union(...sets: CodePoints[]): CodePoints {
  return joined(sets.flat())
}

export function intersection(a: CodePoints, b: CodePoints): CodePoints {
  const out: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const first = Math.max(a[i]![0], b[j]![0])
    const last = Math.min(a[i]![1], b[j]![1])
    if (first <= last) out.push([first, last])
    if (a[i]![1] < b[j]![1]) i++
    else j++
  }
  return out
}

export function difference(a: CodePoints, b: CodePoints): CodePoints {
  const gaps: [number, number][] = []
  let next = 0
  for (const [first, last] of b) {
    if (first > next) gaps.push([next, first - 1])
    next = last + 1
  }
  gaps.push([next, 0x10ffff])
  return intersection(a, gaps)
}

export function contains(set: CodePoints, code: number): boolean {
  let low = 0
  let high = set.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (set[middle]![1] < code) low = middle + 1
    else high = middle
  }
  return low < set.length && set[low]![0] <= code && code <= set[low]![1]
}

/** Splits the whole alphabet into the coarsest disjoint sets such that each given set is a union of some of them. */
export function partition(sets: readonly CodePoints[]): CodePoints[] {
  const starts = new Set(everyCodePoint.map(([first]) => first))
  for (const [first, last] of sets.flat()) {
    starts.add(first)
    // The code point after U+D7FF is U+E000.
    starts.add(last === 0xd7ff ? 0xe000 : last + 1)
  }
  starts.delete(0x110000)
  const sorted = [...starts].sort((a, b) => a - b)
  const at = sets.map(() => 0)
  const blocks = new Map<string, [number, number][]>()
  sorted.forEach((first, index) => {
    const last = (sorted[index + 1] ?? 0x110000) - 1
    let members = ''
    sets.forEach((set, i) => {
      while (at[i]! < set.length && set[at[i]!]![1] < first) at[i]!++
      if (at[i]! < set.length && set[at[i]!]![0] <= first) members += `${i},`
    })
    const block = blocks.get(members)
    if (block) block.push([first, last])
    else blocks.set(members, [[first, last]])
  })
  return [...blocks.values()].map(block => codePoints(...block))
}

function joined(pairs: (readonly [number, number])[]): CodePoints {
  const out: [number, number][] = []
  for (const [first, last] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const previous = out.at(-1)
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else out.push([first, last])
  }
  return out
}
