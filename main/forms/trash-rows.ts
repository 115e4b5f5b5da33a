import { setImmediate as breath } from 'node:timers/promises'
import type { CallInput, CallOutput } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { deletedTogether } from '../database/deleted-together.ts'
import { keptHashes } from './kept-sources.ts'
import { picturesOf } from './rows.ts'
import type { FormSession } from './session.ts'

/** Rows removed by one write: a few milliseconds of main. */
const together = 300
/** Letters of a source that are told where it has no name. */
const excerpt = 100

const isAmong = 'IN (SELECT value FROM json_each(?))'

type Trashed = CallOutput<'forms.trash'>

/** What is in the trash, the last deleted first: forms, and rows of forms that are not; those deleted together, as one. */
export function trashed(database: Database): Trashed {
  const forms = database.rows(
    { id: 'TEXT', name: 'TEXT', rows: 'REAL', deleted_at: 'REAL' },
    `FROM (SELECT id, name, deleted_at,
         (SELECT count(*) FROM rows WHERE form_id = forms.id AND deleted_at IS NULL) AS rows
       FROM forms WHERE deleted_at IS NOT NULL)
     ORDER BY deleted_at DESC`,
  )
  const rows = database.rows(
    { id: 'TEXT', form_id: 'TEXT', form_name: 'TEXT', source: 'TEXT', deleted_at: 'REAL' },
    `FROM (SELECT rows.id, form_id, forms.name AS form_name, rows.deleted_at,
         coalesce(nullif(source_name, ''), substr(source_text, 1, ${excerpt})) AS source
       FROM rows JOIN forms ON forms.id = form_id
       WHERE rows.deleted_at IS NOT NULL AND forms.deleted_at IS NULL
       ORDER BY rows.deleted_at DESC, rows.number)`,
  )
  return {
    forms: forms.flatMap(({ id, name, rows, deleted_at: deletedAt }) =>
      id ? { id, name: name ?? '', rows: rows ?? 0, deletedAt: deletedAt ?? 0 } : [],
    ),
    rows: deletedTogether(rows, row => row.id && row.form_id).map(group => {
      const [first] = group
      return {
        rowIds: group.flatMap(({ id }) => id ?? []),
        formId: first.form_id ?? '',
        formName: first.form_name ?? '',
        source: first.source ?? '',
        deletedAt: first.deleted_at ?? 0,
      }
    }),
  }
}

/**
 * Removes forms and rows for good, with the files that nothing else refers to; what was taken out of the trash meanwhile
 * stays. A kill in the middle leaves the rest in the trash.
 * @throws DatabaseProblem
 */
export async function removeTrashed(
  session: FormSession,
  { formIds, rowIds }: CallInput<'forms.removeForGood'>,
): Promise<void> {
  const { database } = session.store
  const inTrash = `SELECT id FROM forms WHERE deleted_at IS NOT NULL AND id ${isAmong}`
  // Each by an index: those of forms that are not deleted themselves, and those that are.
  const portions = [
    [`deleted_at IS NULL AND form_id IN (${inTrash})`, formIds],
    [`deleted_at IS NOT NULL AND form_id IN (${inTrash})`, formIds],
    [`deleted_at IS NOT NULL AND id ${isAmong}`, rowIds],
  ] as const
  for (const [which, ids] of portions) {
    const value = JSON.stringify(ids)
    for (let more = ids.length > 0; more; ) {
      const some = database.rows(
        { number: 'REAL', pictures: 'TEXT' },
        `FROM rows WHERE ${which} ORDER BY number LIMIT ${together}`,
        value,
      )
      const numbers = JSON.stringify(some.map(({ number }) => number))
      await database.write(() => database.run(`DELETE FROM rows WHERE number ${isAmong} AND ${which}`, numbers, value))
      await session.removePictures(some.flatMap(({ pictures }) => picturesOf(pictures).map(({ hash }) => hash)))
      more = some.length === together
      await breath()
    }
  }
  const forms = JSON.stringify(formIds)
  const files = formIds.flatMap(id => keptHashes(database, id))
  await database.write(() => database.run(`DELETE FROM forms WHERE id IN (${inTrash})`, forms))
  await session.removePictures(files)
}
