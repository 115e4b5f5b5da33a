import { create } from 'zustand'
import type { JsonObject } from '../../../../forms/field.ts'
import type { FormRow } from '../../../../preload/contract.ts'

/** What a person makes of an answer, and main does not have, or only in parts. */
export interface UnsavedCorrection {
  /** The whole answer as the person has it. */
  readonly edited: JsonObject
  /** The answer it was made of, with what was saved of it since. */
  readonly of: JsonObject | null
  /** Main could not write it. */
  readonly unwritten?: boolean
}

/** By their rows: there again when a row is opened again. */
const useAll = create<Readonly<Record<string, UnsavedCorrection>>>(() => ({}))

export const useUnsaved = (rowId: string): UnsavedCorrection | undefined => useAll(all => all[rowId])
export const unsavedOf = (rowId: string): UnsavedCorrection | undefined => useAll.getState()[rowId]

export function keepUnsaved(rowId: string, correction: UnsavedCorrection): void {
  useAll.setState({ [rowId]: correction })
}

/** Forgets what main does not have of rows that have, or get, another answer. */
export function forgetCorrections(rows: readonly Pick<FormRow, 'id'>[]): void {
  const gone = new Set(rows.map(({ id }) => id))
  const left = Object.entries(useAll.getState()).filter(([rowId]) => !gone.has(rowId))
  useAll.setState(Object.fromEntries(left), true)
}

/** Saves what is made of the rows that are open, by their ids. It rejects with CallProblem. */
export const openCorrections = new Map<string, () => Promise<void>>()

/** Saves now what the person has made of rows. @throws CallProblem */
export async function saveCorrections(rows: readonly Pick<FormRow, 'id'>[]): Promise<void> {
  for (const { id } of rows) await openCorrections.get(id)?.()
}
