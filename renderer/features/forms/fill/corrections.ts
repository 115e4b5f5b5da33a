import type { JsonObject } from '../../../../forms/field.ts'
import type { FormRow } from '../../../../preload/contract.ts'

/**
 * Corrections that main does not have, or of which a part does not fit, by their row: there again when the row is opened
 * again.
 */
export const unsaved = new Map<string, JsonObject>()

/** What is made of a row that is open. */
export interface OpenCorrection {
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
