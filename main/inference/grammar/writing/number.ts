import { automatonAlternatives, bare } from '../gbnf/automaton-rules.ts'
import { anyInteger, anyNumber } from '../gbnf/json-rules.ts'
import type { Alternative } from '../gbnf/piece.ts'
import { automaton } from '../language/automaton.ts'
import { numberLanguage } from '../language/number-language.ts'
import type { Clause } from '../schema/clause.ts'
import type { Writer } from './writer.ts'

/** @param whole integers only */
export function numberAlternatives({ number }: Clause, whole: boolean, writer: Writer, hint: string): Alternative[] {
  const { book, languages } = writer
  if (!number.minimum && !number.maximum && number.multipleOf.length === 0) {
    return [[whole ? anyInteger(book) : anyNumber(book)]]
  }
  const language = numberLanguage(languages, number, whole)
  const write = () => automatonAlternatives(book, automaton(languages, language), bare, `${hint}-digits`)
  const written = book.once(`number ${language.id}`, write, hint)
  return book.isVoid(written) ? [] : [[written]]
}
