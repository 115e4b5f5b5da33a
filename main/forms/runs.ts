import type { KeptSources } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'
import { filesOf, listed } from './kept-sources.ts'

/** A list of sources of which rows are made. */
export interface Run {
  readonly number: number
  readonly formId: string
  readonly model: string
  /** How many there are, and of how many there are rows. */
  readonly sources: number
  readonly made: number
}

const columns = { number: 'REAL', form_id: 'TEXT', model: 'TEXT', sources: 'REAL', made: 'REAL' } as const

/** @returns its number; undefined for a list of nothing */
export function addRun(database: Database, formId: string, model: string, kept: KeptSources): number | undefined {
  const sources = listed(kept).length
  if (sources === 0) return undefined
  database.run(
    'INSERT INTO runs (form_id, model, text, files, sources) VALUES (?, ?, ?, ?, ?)',
    ...[formId, model, kept.text, JSON.stringify(kept.files), sources],
  )
  return database.rows({ number: 'REAL' }, 'FROM runs ORDER BY number DESC LIMIT 1')[0]?.number ?? undefined
}

/** The one whose turn it is: a source alone before lists of many. None of forms in the trash. */
export function nextRun(database: Database): Run | undefined {
  const [run] = database.rows(
    columns,
    `FROM runs WHERE form_id IN (SELECT id FROM forms WHERE deleted_at IS NULL) ORDER BY sources > 1, number LIMIT 1`,
  )
  if (!run?.number || !run.form_id) return undefined
  const { number, form_id: formId, model, sources, made } = run
  return { number, formId, model: model ?? '', sources: sources ?? 0, made: made ?? 0 }
}

/** What a run is made of. */
export function sourcesOfRun(database: Database, number: number) {
  const [run] = database.rows({ text: 'TEXT', files: 'TEXT' }, 'FROM runs WHERE number = ?', number)
  return listed({ text: run?.text ?? '', files: filesOf(run?.files ?? null) })
}

/**
 * There are rows of so many more; once there are of all, it is over.
 * @returns whether it stood where it was read: else it is another's, or gone
 */
export function advanceRun(database: Database, { number, made }: Run, to: number, end: boolean): boolean {
  const where = 'WHERE number = ? AND made = ?'
  const changed = end
    ? database.run(`DELETE FROM runs ${where}`, number, made)
    : database.run(`UPDATE runs SET made = ? ${where}`, to, number, made)
  return changed > 0
}
