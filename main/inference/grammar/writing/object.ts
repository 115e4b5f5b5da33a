import { space } from '../gbnf/json-rules.ts'
import { type Alternative, type Piece, type RulePiece, rule, text } from '../gbnf/piece.ts'
import type { Language } from '../language/language.ts'
import { memberPlaces, satisfies } from '../schema/admission.ts'
import type { Clause } from '../schema/clause.ts'
import { refuse } from '../schema/document.ts'
import { isFree, memberNames, opensToUnnamed } from '../schema/members.ts'
import { textLanguage, textRule } from './string.ts'
import type { Writer } from './writer.ts'

/** `patternProperties` beside each other: a key may match any subset of them, and each subset is a case. */
const maxPatterns = 4

interface Member {
  readonly required: boolean
  readonly pieces: readonly Piece[]
}

export function isAnyObject(clause: Clause): boolean {
  const { required, keys, memberCount } = clause
  return (
    isFree(clause) &&
    required.length === 0 &&
    keys.length === 0 &&
    memberCount.min === 0 &&
    memberCount.max === Number.POSITIVE_INFINITY
  )
}

/** Objects of a clause: members in declared order, optional ones in every combination, then those without a name. */
export function objectAlternatives(clause: Clause, writer: Writer, hint: string): Alternative[] {
  const members = memberNames(clause).map(name => namedMember(name, clause, writer))
  const unnamed = opensToUnnamed(clause) ? unnamedMember(clause, writer, hint) : undefined
  const required = clause.required.length
  const { min, max } = clause.memberCount
  // A model may write the same further key twice, and readers keep the last: only the first surely counts.
  if (unnamed && min > required + 1) {
    refuse(
      clause.memberCountPlace ?? '#',
      'more than the required properties and one are not supported in an open object',
    )
  }
  if (required > max) return []
  return new MemberSequence(members, unnamed, { min: min > required ? min : 0, max }, writer, hint).alternatives()
}

function namedMember(name: string, clause: Clause, writer: Writer): Member {
  const { book, expansion } = writer
  const places = memberPlaces(clause, name, expansion)
  const isAllowed = places !== undefined && satisfies(clause.keys, name, expansion)
  // A rule that nothing can be made of takes everything that needs it out of the grammar.
  const value = isAllowed ? writer.value(places) : book.once('nothing', () => [])
  const blank = space(book)
  return {
    required: clause.required.includes(name),
    pieces: [text(JSON.stringify(name)), blank, text(':'), blank, value],
  }
}

/** The rule of a member whose key no property names. */
function unnamedMember(clause: Clause, writer: Writer, hint: string): RulePiece {
  const { book, languages, expansion } = writer
  const blank = space(book)
  const patterns = clause.objects.flatMap((part, of) => part.patterns.map(pattern => ({ ...pattern, of })))
  if (patterns.length > maxPatterns) {
    refuse(
      patterns[maxPatterns]!.place,
      `more than ${maxPatterns} pattern properties beside each other are not supported`,
    )
  }
  const isOpen = isFree(clause) || clause.objects.some(({ additional }) => additional !== undefined)
  const otherNames = languages.not(languages.or(...memberNames(clause).map(name => languages.text(name))))
  const unsealed = clause.seals.map(({ patterns }) => languages.or(...patterns))
  const keys = languages.and(otherNames, ...unsealed, ...keyLanguages(clause, writer))
  const alternatives: Alternative[] = []
  for (let subset = isOpen ? 0 : 1; subset < 2 ** patterns.length; subset++) {
    const matches = (index: number): boolean => (subset & (2 ** index)) !== 0
    const matching = patterns.filter((_, index) => matches(index))
    const language = languages.and(
      keys,
      ...patterns.map(({ language }, index) => (matches(index) ? language : languages.not(language))),
    )
    const places = clause.objects.flatMap(({ additional }, part) => {
      const own = matching.filter(({ of }) => of === part).map(({ place }) => place)
      return own.length > 0 ? own : (additional ?? [])
    })
    const key = textRule(language, writer, `${hint}-key`)
    alternatives.push([key, blank, text(':'), blank, writer.value(places)])
  }
  const name = book.name(`${hint}-other`)
  book.define(name, alternatives)
  return rule(name)

  function keyLanguages({ keys }: Clause, writer: Writer): Language[] {
    if (keys.length === 0) return []
    const ways = expansion.writable(keys).filter(({ kinds }) => !kinds || kinds.has('string'))
    const texts = ways.map(way =>
      way.values
        ? languages.or(...way.values.map(value => (typeof value === 'string' ? languages.text(value) : languages.none)))
        : textLanguage(way, writer),
    )
    return [languages.or(...texts)]
  }
}

/**
 * Members as rules: `some` writes at least one more member from an index on, `rest` whatever may follow a member. Each
 * is shared by all ways that lead to it, so the grammar grows with the number of properties, not of combinations.
 */
class MemberSequence {
  readonly #members: readonly Member[]
  readonly #unnamed: RulePiece | undefined
  readonly #min: number
  readonly #max: number
  readonly #writer: Writer
  readonly #hint: string
  /** Required members from each index on. */
  readonly #requiredFrom: number[]
  readonly #names = new Map<string, string>()
  readonly #queue: { name: string; kind: 'some' | 'rest'; index: number; count: number }[] = []

  constructor(
    members: readonly Member[],
    unnamed: RulePiece | undefined,
    { min, max }: { min: number; max: number },
    writer: Writer,
    hint: string,
  ) {
    this.#members = members
    this.#unnamed = unnamed
    this.#min = min
    this.#max = unnamed || max < members.length ? max : Number.POSITIVE_INFINITY
    this.#writer = writer
    this.#hint = hint
    this.#requiredFrom = [0]
    for (const { required } of members.toReversed())
      this.#requiredFrom.unshift(this.#requiredFrom[0]! + (required ? 1 : 0))
  }

  alternatives(): Alternative[] {
    const blank = space(this.#writer.book)
    const out: Alternative[] = []
    if (this.#requiredFrom[0] === 0 && this.#min === 0) out.push([text('{'), blank, text('}')])
    if (this.#mayFollow(0, 0)) {
      const first = this.#members[0]?.required ? this.#taking(0, 0) : [this.#rule('some', 0, 0)]
      out.push([text('{'), blank, ...first, blank, text('}')])
    }
    for (let entry = this.#queue.pop(); entry; entry = this.#queue.pop()) {
      const { name, kind, index, count } = entry
      this.#writer.book.define(name, kind === 'some' ? this.#some(index, count) : this.#rest(index, count))
    }
    return out
  }

  #some(index: number, count: number): Alternative[] {
    const member = this.#members[index]
    if (!member) {
      const more = this.#writer.book.repeat(
        this.#furtherUnnamed(),
        Math.max(0, this.#min - count - 1),
        this.#max - count - 1,
      )
      return [[this.#unnamed!, ...more]]
    }
    if (member.required) return [this.#taking(index, count)]
    const out: Alternative[] = []
    if (count + 1 + this.#requiredFrom[index + 1]! <= this.#max) out.push(this.#taking(index, count))
    if (this.#mayFollow(index + 1, count)) out.push([this.#rule('some', index + 1, count)])
    return out
  }

  #rest(index: number, count: number): Alternative[] {
    const out: Alternative[] = []
    if (count >= this.#min && this.#requiredFrom[index] === 0) out.push([])
    if (this.#mayFollow(index, count)) out.push([text(','), space(this.#writer.book), this.#rule('some', index, count)])
    return out
  }

  /** The member at an index and all that follows it; required ones are written in line. */
  #taking(index: number, count: number): Piece[] {
    const blank = space(this.#writer.book)
    const pieces = [...this.#members[index]!.pieces]
    let next = index + 1
    let written = count + 1
    for (; this.#members[next]?.required; next++, written++)
      pieces.push(text(','), blank, ...this.#members[next]!.pieces)
    if (this.#mayFollow(next, written) || written < this.#min) pieces.push(this.#rule('rest', next, written))
    return pieces
  }

  #mayFollow(index: number, count: number): boolean {
    return count < this.#max && (index < this.#members.length || this.#unnamed !== undefined)
  }

  #rule(kind: 'some' | 'rest', index: number, count: number): Piece {
    // Beyond the bounds a count makes no difference, and one rule serves for all.
    const counted = this.#max < Number.POSITIVE_INFINITY ? count : Math.min(count, this.#min)
    const key = `${kind} ${index} ${counted}`
    let name = this.#names.get(key)
    if (name === undefined) {
      name = this.#writer.book.name(`${this.#hint}-${kind}-${index}`)
      this.#names.set(key, name)
      this.#queue.push({ name, kind, index, count: counted })
    }
    return rule(name)
  }

  #furtherUnnamed(): RulePiece {
    const { book } = this.#writer
    return book.once(`${this.#unnamed!.name}-further`, () => [[text(','), space(book), this.#unnamed!]])
  }
}
