import type { Languages } from '../language/language.ts'
import { admits, type Judge } from './admission.ts'
import { anyClause, both, type Clause, type Seal } from './clause.ts'
import { apart } from './disjoint.ts'
import { isObject, type Place, refuse, type SchemaDocument } from './document.ts'
import { isAnnotation, type Reading, readSchema } from './keywords.ts'

/** Ways to satisfy one schema; `anyOf` inside `allOf` multiplies them. */
const maxClauses = 300
/** Clauses joined in one conversion: a bound on its time. */
const maxJoins = 20_000
/** Values and alternatives held against each other in one conversion. */
const maxJudgements = 200_000

/** References and `allOf` inside each other, without a step into the value. */
const maxReferences = 500

const everything = [anyClause]

/** Alternatives of which one is taken. */
interface Way {
  readonly options: readonly (readonly Clause[])[]
  readonly exclusive: boolean
  readonly place: Place
}

/** Turns places into clauses: follows `$ref`, joins `allOf`, multiplies out `anyOf` and `oneOf`. */
export class Expansion implements Judge {
  readonly #readings = new Map<Place, Reading>()
  readonly #known = new Map<string, readonly Clause[]>()
  /** Schemas being followed without a step into the value: meeting one again would never end. */
  readonly #open = new Set<Place>()
  #joins = 0
  #judgements = 0

  constructor(
    readonly document: SchemaDocument,
    readonly languages: Languages,
  ) {}

  /** The ways to satisfy all these schemas at once, as they are written. */
  of(places: readonly Place[]): readonly Clause[] {
    if (places.length === 0) return everything
    const key = places.join('\n')
    const known = this.#known.get(key) ?? this.#expand(places)
    this.#known.set(key, known)
    return known
  }

  /**
   * The ways to satisfy all these schemas that an answer can be written for: without values that other constraints
   * exclude, and with the alternatives of `oneOf` known to exclude each other.
   */
  writable(places: readonly Place[]): Clause[] {
    return this.of(places).flatMap(clause => this.#settled(clause))
  }

  spend(): void {
    if (++this.#judgements > maxJudgements) refuse('#', 'comparing its values and alternatives takes too long')
  }

  /**
   * The same schemas under the shortest names: schemas that only refer stand for what they refer to, and those that
   * allow everything are left out.
   */
  canonical(places: readonly Place[]): Place[] {
    const out = new Set<Place>()
    for (const place of places) {
      const seen = new Set<Place>()
      let at: Place | undefined = place
      for (let next = this.#stoodForBy(at); next !== at; next = this.#stoodForBy(at)) {
        if (seen.has(at)) refuse(at, 'it refers to itself without end')
        seen.add(at)
        at = next
        if (at === undefined) break
      }
      if (at !== undefined) out.add(at)
    }
    return [...out].sort()
  }

  #stoodForBy(place: Place): Place | undefined {
    const schema = this.document.at(place)
    if (schema === true) return undefined
    if (!isObject(schema)) return place
    const keywords = Object.keys(schema).filter(keyword => !isAnnotation(keyword))
    if (keywords.length === 0) return undefined
    if (keywords.length > 1) return place
    if (keywords[0] === '$ref') return this.document.target(schema.$ref, place)
    return keywords[0] === 'allOf' && Array.isArray(schema.allOf) && schema.allOf.length === 1
      ? `${place}/allOf/0`
      : place
  }

  #reading(place: Place): Reading {
    let reading = this.#readings.get(place)
    if (!reading) {
      reading = readSchema(this.document.at(place), place, this.languages)
      this.#readings.set(place, reading)
    }
    return reading
  }

  /** @param sealed the place whose seal is being applied, to its own clauses only */
  #expand(places: readonly Place[], sealed?: Place): Clause[] {
    let base = anyClause
    const choices: Way[] = []
    const done = new Set<Place>()
    const gather = (written: Place): void => {
      const [place] = written === sealed ? [written] : this.canonical([written])
      if (place === undefined) return
      if (this.#open.has(place) && place !== sealed) refuse(place, 'it refers to itself without end')
      if (done.has(place)) return
      done.add(place)
      if (this.#open.size > maxReferences) refuse(place, 'there are too many references in a row')
      const reading = this.#reading(place)
      this.#open.add(place)
      if ((reading.sealsMembers || reading.sealsItems) && place !== sealed) {
        const own = this.#expand([place], place).map(clause => closed(clause, reading))
        choices.push({ options: [own], exclusive: false, place })
      } else {
        base = this.#join(base, reading.clause, place)
        for (const { place: next, isRef } of reading.also) {
          gather(isRef ? this.document.target((this.document.at(next) as { $ref: unknown }).$ref, next) : next)
        }
        for (const { options, exclusive, place } of reading.choices) {
          choices.push({ options: options.map(option => this.of(this.canonical([option]))), exclusive, place })
        }
      }
      if (place !== sealed) this.#open.delete(place)
    }
    for (const place of places) gather(place)
    return choices.reduce<Clause[]>((clauses, choice) => this.#multiplied(clauses, choice), [base])
  }

  #multiplied(clauses: readonly Clause[], { options, exclusive, place }: Way): Clause[] {
    const isExclusive = exclusive && options.length > 1
    const ways = options.flatMap((option, taken) => {
      if (!isExclusive) return option
      const others = { clauses: options.flatMap((other, i) => (i === taken ? [] : other)), place }
      return option.map(way => ({ ...way, not: [...way.not, others] }))
    })
    const out = clauses.flatMap(clause => [...new Set(ways)].map(way => this.#join(clause, way, place)))
    if (out.length > maxClauses) refuse(place, 'there are too many combinations of alternatives')
    return out
  }

  #join(a: Clause, b: Clause, place: Place): Clause {
    if (++this.#joins > maxJoins) refuse(place, 'there are too many combinations of alternatives')
    return both(a, b)
  }

  #settled(clause: Clause): Clause[] {
    if (clause.values) {
      const { values, ...constraints } = clause
      const left = values.filter(value => admits(constraints, value, this))
      return left.length > 0 ? [{ ...clause, values: left, not: [] }] : []
    }
    let told = clause
    for (const { clauses, place } of clause.not) {
      for (const other of clauses) {
        told =
          apart(told, other, this) ??
          refuse(place, 'alternatives of "oneOf" that can hold together are not supported; use "anyOf"')
      }
    }
    return [told]
  }
}

/** A clause that holds nothing beyond what it speaks of itself (JSON schema 2020-12 core §11). */
function closed(clause: Clause, { sealsMembers, sealsItems }: Reading): Clause {
  const speaksOfAllMembers = clause.objects.some(({ additional }) => additional !== undefined)
  const seal: Seal = {
    names: new Set(clause.objects.flatMap(({ properties }) => [...properties.keys()])),
    patterns: clause.objects.flatMap(({ patterns }) => patterns.map(({ language }) => language)),
  }
  const speaksOfAllItems = clause.arrays.some(({ items }) => items !== undefined)
  const max = Math.max(0, ...clause.arrays.map(({ prefix }) => prefix.length))
  return {
    ...clause,
    seals: sealsMembers && !speaksOfAllMembers ? [...clause.seals, seal] : clause.seals,
    itemCount:
      sealsItems && !speaksOfAllItems
        ? { ...clause.itemCount, max: Math.min(max, clause.itemCount.max ?? max) }
        : clause.itemCount,
  }
}
