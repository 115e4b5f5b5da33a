import type { Random } from './random.ts'

type Symbol = { readonly min: number; readonly max: number } & (
  | { readonly literal: string }
  | { readonly ranges: readonly (readonly [number, number])[] }
  | { readonly rule: string }
)

/** Draws texts from a GBNF grammar that has no groups, as ours never do. */
export class GbnfSampler {
  readonly #rules = new Map<string, Symbol[][]>()
  /** Rules that must be entered to end each rule. */
  readonly #depth = new Map<string, number>()

  constructor(grammar: string) {
    for (const line of grammar.trimEnd().split('\n')) {
      const [, name, body] = /^([a-zA-Z0-9-]+) ::= (.*)$/.exec(line) ?? []
      if (name === undefined || body === undefined) throw new Error(`no rule: ${line}`)
      this.#rules.set(name, alternativesOf(body))
    }
    this.#measure()
  }

  /** A text of the grammar; `budget` rules are entered at will, then the shortest way out is taken. */
  draw(random: Random, budget = 300): string {
    let out = ''
    let left = budget
    const pending: Symbol[] = [{ rule: 'root', min: 1, max: 1 }]
    for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
      const count = symbol.min + (left > 0 ? random.between(0, Math.min(3, symbol.max - symbol.min)) : 0)
      if ('literal' in symbol) out += symbol.literal.repeat(count)
      else if ('ranges' in symbol) for (let i = 0; i < count; i++) out += character(symbol.ranges, random)
      else {
        // Large counts of a rule are too long to write out every time.
        if (count > 1) pending.push({ ...symbol, min: count - 1, max: count - 1 })
        if (count === 0) continue
        left--
        const alternatives = this.#rules.get(symbol.rule)!
        const shortest = Math.min(...alternatives.map(one => this.#depthOf(one)))
        const chosen = random.pick(
          left > 0 ? alternatives : alternatives.filter(one => this.#depthOf(one) === shortest),
        )
        pending.push(...chosen.toReversed())
      }
    }
    return out
  }

  #measure(): void {
    for (let changed = true; changed; ) {
      changed = false
      for (const [name, alternatives] of this.#rules) {
        const depth = 1 + Math.min(...alternatives.map(one => this.#depthOf(one)))
        if (depth < (this.#depth.get(name) ?? Number.POSITIVE_INFINITY)) {
          this.#depth.set(name, depth)
          changed = true
        }
      }
    }
    if (!this.#depth.has('root')) throw new Error('no finite text')
  }

  #depthOf(alternative: readonly Symbol[]): number {
    const needed = alternative.filter(symbol => symbol.min > 0 && 'rule' in symbol) as { rule: string }[]
    return Math.max(0, ...needed.map(({ rule }) => this.#depth.get(rule) ?? Number.POSITIVE_INFINITY))
  }
}

function character(ranges: readonly (readonly [number, number])[], random: Random): string {
  const [first, last] = random.pick(ranges)
  // Wide ranges are met at their edges, where mistakes live, as often as inside.
  const code = random.chance(0.3) ? random.pick([first, last]) : random.between(first, Math.min(last, first + 400))
  return String.fromCodePoint(code)
}

const symbol =
  /(?:"((?:[^"\\]|\\.)*)"|\[((?:[^\]\\]|\\.)*)\]|([a-zA-Z0-9-]+))(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})?( \| | |$)/suy

function alternativesOf(body: string): Symbol[][] {
  const alternatives: Symbol[][] = [[]]
  symbol.lastIndex = 0
  while (symbol.lastIndex < body.length) {
    const at = symbol.lastIndex
    const match = symbol.exec(body)
    if (!match) throw new Error(`no symbol: ${body.slice(at)}`)
    const [, literal, set, rule, mark, min, comma, max, after] = match
    const counts = countsOf(mark, min, comma, max)
    if (literal !== undefined)
      alternatives.at(-1)!.push({
        literal: codesOf(literal)
          .map(code => String.fromCodePoint(code))
          .join(''),
        ...counts,
      })
    else if (set !== undefined) alternatives.at(-1)!.push({ ranges: rangesOf(set), ...counts })
    else alternatives.at(-1)!.push({ rule: rule!, ...counts })
    if (after === ' | ') alternatives.push([])
  }
  return alternatives
}

function countsOf(mark?: string, min?: string, comma?: string, max?: string): { min: number; max: number } {
  if (mark) return { min: mark === '+' ? 1 : 0, max: mark === '?' ? 1 : Number.POSITIVE_INFINITY }
  if (min === undefined) return { min: 1, max: 1 }
  return { min: Number(min), max: comma ? (max ? Number(max) : Number.POSITIVE_INFINITY) : Number(min) }
}

const unit = /\\x([0-9A-F]{2})|\\u([0-9A-F]{4})|\\U([0-9A-F]{8})|\\(["\\[\]-])|([^\\])/suy

function codesOf(source: string): number[] {
  return unitsOf(source).map(({ code }) => code)
}

function unitsOf(source: string): { code: number; bare: boolean }[] {
  const units: { code: number; bare: boolean }[] = []
  unit.lastIndex = 0
  while (unit.lastIndex < source.length) {
    const at = unit.lastIndex
    const match = unit.exec(source)
    if (!match) throw new Error(`unknown escape: ${source.slice(at)}`)
    const hex = match[1] ?? match[2] ?? match[3]
    const code = hex ? Number.parseInt(hex, 16) : (match[4] ?? match[5])!.codePointAt(0)!
    units.push({ code, bare: match[5] !== undefined })
  }
  return units
}

function rangesOf(set: string): [number, number][] {
  const units = unitsOf(set)
  const ranges: [number, number][] = []
  for (let i = 0; i < units.length; i++) {
    const first = units[i]!.code
    const isRange = units[i + 1]?.bare && units[i + 1]!.code === 0x2d && units[i + 2] !== undefined
    if (isRange) i += 2
    ranges.push([first, units[i]!.code])
  }
  return ranges
}
