import type { Field } from '../../../forms/field.ts'
import type { Form, FormRow } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { go, usePlace } from '../../state/place.ts'
import { showToast } from '../../state/toasts.ts'
import { forgetCorrections, saveCorrections } from './fill/corrections.ts'
import { keptRevision } from './fill/keep-sources.ts'
import { changeSources, listed, sourcesOf } from './fill/sources-store.ts'

/** Makes a form and goes there. */
export async function createForm(name: string, fields: readonly Field[]): Promise<void> {
  const { formId } = await call('forms.create', { name, instructions: '', fields: [...fields] })
  go({ kind: 'forms', formId })
}

/** Deletes a form with its rows; the toast takes that back. */
export async function deleteForm({ id, name }: Pick<Form, 'id' | 'name'>): Promise<void> {
  await call('forms.delete', { formId: id })
  const { place } = usePlace.getState()
  if (place.kind === 'forms' && place.formId === id) go({ kind: 'forms', formId: null })
  const restore = () =>
    attempt(async () => {
      await call('forms.restore', { formId: id })
    })
  const undo = { label: 'app.undo', perform: restore } as const
  showToast(
    name
      ? { text: 'forms.deleted', values: { name }, action: undo, about: id }
      : { text: 'forms.deletedUnnamed', action: undo, about: id },
  )
}

/** Deletes rows; the toast takes that back. */
export async function deleteRows(formId: string, rowIds: readonly string[]): Promise<void> {
  const ids = [...rowIds]
  await call('forms.deleteRows', { formId, rowIds: ids })
  showToast({
    text: ids.length === 1 ? 'forms.rowDeleted' : 'forms.rowsDeleted',
    values: { count: String(ids.length) },
    action: {
      label: 'app.undo',
      perform: () =>
        attempt(async () => {
          await call('forms.restoreRows', { formId, rowIds: ids })
        }),
    },
    about: ids[0],
  })
}

/**
 * Runs a form on what lies beside it: one source before all that waits, several as a queue.
 * @returns the first row; null where another window has run it on all of them
 */
export async function runForm(formId: string, model: string): Promise<string | null> {
  changeSources(formId, { refused: [] })
  for (let seen = -1; ; ) {
    seen = await keptRevision(formId, seen)
    if (listed(sourcesOf(formId)).length === 0) return null
    const { rowId } = await call('forms.run', { formId, model, revision: seen })
    if (rowId !== null) return rowId
  }
}

/** Runs rows anew; where they held something, the toast puts that back, also when there is another answer by then. */
export async function runAgain(formId: string, model: string, rows: readonly FormRow[]): Promise<void> {
  // What is being corrected at this moment is what can be put back.
  await saveCorrections(rows)
  await call('forms.runAgain', { formId, model, rowIds: rows.map(({ id }) => id) })
  forgetCorrections(rows)
  const held = rows.filter(({ answer }) => answer !== null)
  if (held.length === 0) return
  showToast({
    text: held.length === 1 ? 'forms.rowAgain' : 'forms.rowsAgain',
    values: { count: String(held.length) },
    action: { label: 'app.undo', perform: () => attempt(() => putBack(formId, held)) },
  })
}

/** Puts back what rows held before they were run again. */
export async function putBack(formId: string, rows: readonly Pick<FormRow, 'id'>[]): Promise<void> {
  // Saved afterwards, it would be written over what was put back.
  await saveCorrections(rows)
  await call('forms.putBack', { formId, rowIds: rows.map(({ id }) => id) })
  forgetCorrections(rows)
}

export async function pauseQueue(formId: string): Promise<void> {
  await call('forms.pause', { formId })
}

export async function resumeQueue(formId: string): Promise<void> {
  await call('forms.resume', { formId })
}
