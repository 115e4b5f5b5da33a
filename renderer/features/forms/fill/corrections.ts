import type { JsonObject } from '../../../../forms/field.ts'
import type { FormRow } from '../../../../preload/contract.ts'

/** A correction that main does not have, or of which a part does not fit. */
export interface UnsavedCorrection {
  /** The whole answer as the person has it. */
  readonly edited: JsonObject
  /** What main had as it was made, with what was saved of it since: made of another answer, it is not to be saved. */
  readonly of: JsonObject | null
}

/** By their row: there again when the row is opened again. */
export const unsaved = new Map<string, UnsavedCorrection>()

/** What is made of a row that is open. */
export interface OpenCorrection {
  readonly edit: (next: JsonObject) => void
  /** @throws CallProblem */
  readonly save: () => Promise<void>
  readonly forget: () => void
}

/** By the ids of their rows. */
export const openCorrections = new Map<string, OpenCorrection>()

/** Saves now what the person has made of rows. @throws CallProblem */
export async function saveCorrections(rows: readonly Pick<FormRow, 'id'>[]): Promise<void> {
  for (const { id } of rows) await openCorrections.get(id)?.save()
}

/** Forgets what main does not have of rows that have, or get, another answer: it would be written over that. */
export function forgetCorrections(rows: readonly Pick<FormRow, 'id'>[]): void {
  for (const { id } of rows) {
    unsaved.delete(id)
    openCorrections.get(id)?.forget()
  }
}
