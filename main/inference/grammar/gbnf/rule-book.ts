import { printAlternative } from './notation.ts'
import { type Alternative, type Piece, type RulePiece, rule } from './piece.ts'

/** Repetitions at which llama.cpp's parser gives up or, for an upper bound, forgets it (MAX_REPETITION_THRESHOLD). */
const repetitionLimit = 1_000
/** Counts that repetitions of repetitions reach. */
export const maxRepetitions = 1_000_000

const reservedName = 'root'

/** The rules of one grammar while it is written. */
export class RuleBook {
  readonly #rules = new Map<string, readonly Alternative[]>()
  readonly #names = new Set<string>([reservedName])
  /** How often each beginning of a name was asked for. */
  readonly #taken = new Map<string, number>()
  readonly #shared = new Map<string, string>()
  #pieces = 0

  /** @param maxPieces symbols the grammar may have before `onTooLarge` is called, which must throw */
  constructor(
    readonly maxPieces: number,
    readonly onTooLarge: () => never,
  ) {}

  /** A name not yet taken that tells where the rule comes from. */
  name(hint: string): string {
    const base =
      hint
        .replace(/[^a-zA-Z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
        .slice(0, 60) || 'rule'
    let count = this.#taken.get(base) ?? 0
    let name: string
    do name = ++count === 1 ? base : `${base}-${count}`
    while (this.#names.has(name))
    this.#taken.set(base, count)
    this.#names.add(name)
    return name
  }

  /** Alternatives that say the same are kept once; a rule without any matches nothing. */
  define(name: string, alternatives: readonly Alternative[]): void {
    const distinct = new Map(alternatives.map(alternative => [printAlternative(alternative), alternative]))
    for (const alternative of distinct.values())
      this.#pieces += alternative.reduce((sum, piece) => sum + weight(piece), 1)
    if (this.#pieces > this.maxPieces) this.onTooLarge()
    this.#rules.set(name, [...distinct.values()])
  }

  /** The rule shared under this key, written when it is first asked for; it may be part of itself. */
  once(key: string, alternatives: (self: RulePiece) => readonly Alternative[], hint = key): RulePiece {
    const known = this.#shared.get(key)
    if (known) return rule(known)
    const name = this.name(hint)
    this.#shared.set(key, name)
    this.define(name, alternatives(rule(name)))
    return rule(name)
  }

  /** Whether a rule has been written to match nothing. */
  isVoid({ name }: RulePiece): boolean {
    return this.#rules.get(name)?.length === 0
  }

  /**
   * `of` min to max times (Infinity for no bound), in a form llama.cpp reads whatever the counts: what exceeds its
   * limit is cut into full blocks and a remainder, so that each count has one reading only.
   */
  repeat(of: RulePiece, min: number, max: number): Piece[] {
    const exact = this.#times(of, min)
    const more = max - min
    if (more === 0) return exact
    if (more === Number.POSITIVE_INFINITY || more <= repetitionLimit) return [...exact, repeated(of, 0, more)]
    return [...exact, this.#upTo(of, more)]
  }

  #times(of: RulePiece, count: number): Piece[] {
    const blocks = Math.floor(count / repetitionLimit)
    const rest = count % repetitionLimit
    const pieces: Piece[] = []
    if (blocks > 0) pieces.push(repeated(this.#block(of), blocks, blocks))
    if (rest > 0) pieces.push(repeated(of, rest, rest))
    return pieces
  }

  #upTo(of: RulePiece, count: number): Piece {
    const blocks = Math.floor(count / repetitionLimit)
    const rest = count % repetitionLimit
    return this.once(`${of.name} up to ${count}`, () => [
      [repeated(this.#block(of), 0, blocks - 1), repeated(of, 0, repetitionLimit - 1)],
      [repeated(this.#block(of), blocks, blocks), ...(rest > 0 ? [repeated(of, 0, rest)] : [])],
    ])
  }

  #block(of: RulePiece): Piece {
    return this.once(`${of.name} times ${repetitionLimit}`, () => [[repeated(of, repetitionLimit, repetitionLimit)]])
  }

  /** The rules, with those of their alternatives, that finite texts can be made of; without a root when it cannot. */
  productive(): Map<string, readonly Alternative[]> {
    const waiting = new Map<string, { name: string; alternative: Alternative; open: number }[]>()
    const possible = new Set<Alternative>()
    const alive = new Set<string>()
    const queue: string[] = []
    const complete = (name: string, alternative: Alternative): void => {
      possible.add(alternative)
      if (!alive.has(name)) queue.push(name)
      alive.add(name)
    }
    for (const [name, alternatives] of this.#rules) {
      for (const alternative of alternatives) {
        const needed = new Set(alternative.flatMap(neededRule))
        const entry = { name, alternative, open: needed.size }
        for (const rule of needed) {
          if (!waiting.has(rule)) waiting.set(rule, [])
          waiting.get(rule)!.push(entry)
        }
        if (needed.size === 0) complete(name, alternative)
      }
    }
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      for (const entry of waiting.get(name) ?? []) {
        if (--entry.open === 0) complete(entry.name, entry.alternative)
      }
    }
    const rules = [...this.#rules].filter(([name]) => alive.has(name))
    return new Map(rules.map(([name, alternatives]) => [name, alternatives.filter(one => possible.has(one))]))
  }
}

function repeated(of: Piece, min: number, max: number): Piece {
  return { kind: 'repeat', of, min, max }
}

/** llama.cpp writes repetitions out. */
function weight(piece: Piece): number {
  if (piece.kind !== 'repeat') return 1
  return piece.max === Number.POSITIVE_INFINITY ? piece.min + 1 : piece.max
}

/** The rule a symbol cannot do without. */
function neededRule(piece: Piece): string[] {
  if (piece.kind === 'rule') return [piece.name]
  return piece.kind === 'repeat' && piece.min > 0 ? neededRule(piece.of) : []
}
