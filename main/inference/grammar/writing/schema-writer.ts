import { anyArray, anyBoolean, anyObject, anyValue } from '../gbnf/json-rules.ts'
import { printGrammar } from '../gbnf/notation.ts'
import { type Alternative, type RulePiece, rule, text } from '../gbnf/piece.ts'
import { RuleBook } from '../gbnf/rule-book.ts'
import { Languages, UnsupportedLanguage } from '../language/language.ts'
import { type Clause, everyKind, kindsOf } from '../schema/clause.ts'
import { type Place, refuse, SchemaDocument } from '../schema/document.ts'
import { Expansion } from '../schema/expansion.ts'
import { arrayAlternatives, isAnyArray } from './array.ts'
import { numberAlternatives } from './number.ts'
import { isAnyObject, objectAlternatives } from './object.ts'
import { stringAlternatives, valueAlternatives } from './string.ts'
import type { Writer } from './writer.ts'

/** Parts of languages one conversion may look at: a quarter of a second of work. */
const maxSteps = 500_000
/** Symbols of a grammar, repetitions written out: what llama.cpp holds in some tens of megabytes. */
const maxPieces = 200_000

/** Writes the grammar of one schema: a rule for each set of schemas that hold together at some place of the answer. */
export class SchemaWriter implements Writer {
  readonly languages = new Languages(maxSteps)
  readonly expansion: Expansion
  readonly book = new RuleBook(maxPieces, () => refuse('#', 'the grammar would be too large'))
  readonly #rules = new Map<string, { readonly name: string; readonly places: readonly Place[] }>()
  readonly #queue: { readonly name: string; readonly places: readonly Place[] }[] = []

  constructor(schema: unknown) {
    this.expansion = new Expansion(new SchemaDocument(schema), this.languages)
  }

  /**
   * The grammar as GBNF text.
   * @throws Problem 400
   */
  write(): string {
    const places = this.expansion.canonical(['#'])
    if (places.length === 0) this.book.define('root', [[anyValue(this.book)]])
    else this.#register(places, 'root')
    const impossible: Place[] = []
    // Rules are written from a queue: the depth of a schema costs no stack.
    for (let i = 0; i < this.#queue.length; i++) {
      const { name, places } = this.#queue[i]!
      const alternatives = this.#alternatives(places, name)
      if (alternatives.length === 0) impossible.push(places[0]!)
      this.book.define(name, alternatives)
    }
    const rules = this.book.productive()
    if (rules.has('root')) return printGrammar(rules)
    return refuse(
      impossible[0] ?? '#',
      impossible.length > 0 ? 'no value satisfies it' : 'every value would be endless',
    )
  }

  value(places: readonly Place[]): RulePiece {
    const canonical = this.expansion.canonical(places)
    if (canonical.length === 0) return anyValue(this.book)
    const known = this.#rules.get(canonical.join('\n'))
    return rule(known?.name ?? this.#register(canonical, this.book.name(hintOf(canonical[0]!))))
  }

  #register(places: readonly Place[], name: string): string {
    const entry = { name, places }
    this.#rules.set(places.join('\n'), entry)
    this.#queue.push(entry)
    return name
  }

  #alternatives(places: readonly Place[], name: string): Alternative[] {
    try {
      return this.expansion.writable(places).flatMap(clause => this.#clause(clause, name))
    } catch (error) {
      if (error instanceof UnsupportedLanguage) refuse(places[0]!, error.message)
      throw error
    }
  }

  #clause(clause: Clause, name: string): Alternative[] {
    if (clause.values) return valueAlternatives(clause.values, this, name)
    const kinds = kindsOf(clause)
    if (kinds === everyKind) return [[anyValue(this.book)]]
    return kinds.flatMap(kind => {
      switch (kind) {
        case 'object':
          return isAnyObject(clause) ? [[anyObject(this.book)]] : objectAlternatives(clause, this, name)
        case 'array':
          return isAnyArray(clause) ? [[anyArray(this.book)]] : arrayAlternatives(clause, this, name)
        case 'string':
          return stringAlternatives(clause, this, name)
        case 'integer':
          return kinds.includes('fraction') ? [] : numberAlternatives(clause, true, this, name)
        case 'fraction':
          return numberAlternatives(clause, false, this, name)
        case 'boolean':
          return [[anyBoolean(this.book)]]
        case 'null':
          return [[text('null')]]
        default:
          throw new Error(`there is no kind ${kind satisfies never}`)
      }
    })
  }
}

/** A readable rule name: the way to a schema without the keywords that only hold others. */
function hintOf(place: Place): string {
  const tokens = place.split('/').slice(1)
  return ['root', ...tokens.filter(token => !['properties', '$defs', 'definitions'].includes(token))].join('-')
}
