import type { RulePiece } from '../gbnf/piece.ts'
import type { RuleBook } from '../gbnf/rule-book.ts'
import type { Languages } from '../language/language.ts'
import type { Place } from '../schema/document.ts'
import type { Expansion } from '../schema/expansion.ts'

/** What writing one kind of value takes. */
export interface Writer {
  readonly book: RuleBook
  readonly languages: Languages
  readonly expansion: Expansion
  /** The rule of a value that satisfies all these schemas; any value for none. */
  value(places: readonly Place[]): RulePiece
}
