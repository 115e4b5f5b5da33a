import type { RJSFSchema } from '@rjsf/utils'
import { toInput } from '../../../../forms/answer.ts'
import type { Field, JsonObject } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import { sameJson } from '../same-json.ts'
import type { UnsavedCorrection } from './corrections.ts'
import { isSound } from './validator.ts'

/** A correction beside what others have made of the answer. */
export interface Merged {
  /** What the person has changed, in what the answer is by now. */
  readonly shown: JsonObject
  /** Fields that the person has changed. */
  readonly mine: readonly Field[]
  /** Those of them that are something else by now than the person saw, and than they made of it. */
  readonly contested: readonly Field[]
}

/** Puts a correction into what the answer is by now, field by field. @param now as main has it */
export function merged(fields: readonly Field[], own: UnsavedCorrection, now: JsonObject | null): Merged {
  const [was, theirs] = [own.of, now].map(answer => toInput(answer ?? {}, fields)) as [JsonObject, JsonObject]
  const differ = (field: Field, one: JsonObject, other: JsonObject) =>
    !sameJson(member(one, field), member(other, field))
  const mine = fields.filter(field => differ(field, own.edited, was))
  const contested = mine.filter(field => differ(field, theirs, was) && differ(field, own.edited, theirs))
  return { shown: withThose(theirs, own.edited, mine), mine, contested }
}

/**
 * What is to be written of a correction: without what does not fit, and without what somebody else has changed, too.
 * @returns null for nothing
 */
export function toWrite(fields: readonly Field[], own: UnsavedCorrection, now: JsonObject | null): JsonObject | null {
  const { mine, contested } = merged(fields, own, now)
  const written = mine.filter(
    field => !contested.includes(field) && isSound(inputSchema([field]) as RJSFSchema, member(own.edited, field)),
  )
  return written.length === 0 ? null : withThose(toInput(now ?? {}, fields), own.edited, written)
}

/**
 * A correction that was changed on the page.
 * @param next the whole answer as it stands there
 * @param seen the same as it stood before the change: of the other fields, what they are by now stays
 */
export function changed(
  fields: readonly Field[],
  own: UnsavedCorrection | undefined,
  now: JsonObject | null,
  seen: JsonObject,
  next: JsonObject,
): UnsavedCorrection {
  const before = own ?? { edited: toInput(now ?? {}, fields), of: now }
  const { shown, contested } = merged(fields, before, now)
  const touched = fields.filter(field => !sameJson(member(seen, field), member(next, field)))
  return { edited: withThose(shown, next, touched), of: rebased(before, now, contested) }
}

/**
 * A correction once something of it was written.
 * @param sent as it was when that was sent, where the answer was `seen`
 * @param own with what the person has changed since
 * @param now the answer as it is by then
 */
export function afterWrite(
  fields: readonly Field[],
  { sent, seen }: { readonly sent: UnsavedCorrection; readonly seen: JsonObject | null },
  own: UnsavedCorrection,
  now: JsonObject | null,
): UnsavedCorrection {
  const { mine } = merged(fields, own, seen)
  const { contested } = merged(fields, sent, seen)
  // Also what was taken back since: it is no change of what was there before, and one of what was written.
  const since = fields.filter(field => !sameJson(member(own.edited, field), member(sent.edited, field)))
  const kept = [...mine, ...since]
  return { edited: withThose(toInput(now ?? {}, fields), own.edited, kept), of: rebased(own, now, contested) }
}

/** What a correction is made of from now on: the answer as it is; of contested fields, what it was before both. */
const rebased = (own: UnsavedCorrection, now: JsonObject | null, contested: readonly Field[]): JsonObject =>
  withThose(now ?? {}, own.of ?? {}, contested)

/** An answer with the values that another has for some fields. */
export function withThose(answer: JsonObject, other: JsonObject, fields: readonly Field[]): JsonObject {
  const keys = new Set(fields.map(({ key }) => key))
  const rest = Object.entries(answer).filter(([key]) => !keys.has(key))
  // Not by assignment: a key may be __proto__.
  return Object.fromEntries([...rest, ...fields.flatMap(field => Object.entries(member(other, field)))])
}

/** What an answer has of a field alone. */
const member = (answer: JsonObject, { key }: Field): JsonObject =>
  Object.hasOwn(answer, key) ? { [key]: answer[key] as JsonObject[string] } : {}
