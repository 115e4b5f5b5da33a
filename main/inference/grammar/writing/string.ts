import { automatonAlternatives, inJsonString } from '../gbnf/automaton-rules.ts'
import { anyString, character } from '../gbnf/json-rules.ts'
import { type Alternative, type RulePiece, rule, text } from '../gbnf/piece.ts'
import { automaton, longestText, shortestText } from '../language/automaton.ts'
import { hasLoneSurrogate, type Language, type Languages } from '../language/language.ts'
import type { Clause, Counts } from '../schema/clause.ts'
import type { Writer } from './writer.ts'

/** Characters of an enumeration that are still arranged as a tree; a larger one is a plain list. */
const maxTreeCharacters = 20_000

export function stringAlternatives(clause: Clause, writer: Writer, hint: string): Alternative[] {
  const { book } = writer
  const { min, max } = clause.length
  if (clause.languages.length > 0) {
    const string = textRule(textLanguage(clause, writer), writer, hint)
    return book.isVoid(string) ? [] : [[string]]
  }
  if (min > max) return []
  if (min === 0 && max === Number.POSITIVE_INFINITY) return [[anyString(book)]]
  return [
    [book.once(`string-${min}-${max}`, () => [[text('"'), ...book.repeat(character(book), min, max), text('"')]])],
  ]
}

/** Characters that are always counted exactly. */
const alwaysCounted = 200

/** States that a pattern and the count of its characters may take together. */
const countedStates = 8_000

/** The texts the strings of a clause may hold. */
export function textLanguage({ languages: parts, length }: Clause, { languages }: Writer): Language {
  if (length.min > length.max) return languages.none
  const text = languages.and(...parts)
  const most = parts.length === 0 ? length.max : mostCharacters(languages, text, length)
  return languages.and(text, languages.repeat(languages.anyCharacter, length.min, most))
}

/**
 * Up to how many characters texts are counted. Every one takes the states of their language once more: a bound that
 * none of them reaches is left out, and a far one, such as Pydantic's 2083 for web addresses, is drawn in, but never
 * closer than the shortest of them.
 */
function mostCharacters(languages: Languages, text: Language, { min, max }: Counts): number {
  if (max <= alwaysCounted || max === Number.POSITIVE_INFINITY) return max
  const states = automaton(languages, text)
  if (longestText(states) <= max) return Number.POSITIVE_INFINITY
  const near = Math.max(alwaysCounted, Math.floor(countedStates / states.length))
  return Math.min(max, Math.max(near, shortestText(states, min)))
}

/** The rule of a JSON string that holds a text of the language; the same language has one rule. */
export function textRule(language: Language, writer: Writer, hint: string): RulePiece {
  const { book, languages } = writer
  if (language === languages.anything) return anyString(book)
  const write = (): Alternative[] => {
    const inside = book.name(`${hint}-text`)
    const alternatives = automatonAlternatives(book, automaton(languages, language), inJsonString, inside)
    if (alternatives.length < 2) return alternatives.map(alternative => [text('"'), ...alternative])
    book.define(inside, alternatives)
    return [[text('"'), rule(inside)]]
  }
  return book.once(`text ${language.id}`, write, hint)
}

/** Exactly these values; strings share their beginnings, so that a long list costs little while it is followed. */
export function valueAlternatives(values: readonly unknown[], writer: Writer, hint: string): Alternative[] {
  const { languages } = writer
  const texts = values.filter(value => typeof value === 'string' && !hasLoneSurrogate(value)) as string[]
  const asTree = texts.length > 1 && texts.reduce((sum, text) => sum + text.length, 0) <= maxTreeCharacters
  const others = asTree ? values.filter(value => !texts.includes(value as string)) : values
  const tree = asTree ? [[textRule(languages.or(...texts.map(text => languages.text(text))), writer, hint)]] : []
  return [...tree, ...others.map(value => [text(JSON.stringify(value))])]
}
