import { create } from 'zustand'
import type { JsonObject } from '../../../forms/field.ts'
import { PartialJson, type Path } from '../../../forms/partial-json.ts'
import type { FormRow, StreamEvent } from '../../../preload/contract.ts'
import { subscribe } from '../../state/bridge.ts'

/** What is known of an answer while it is written. */
export interface LiveAnswer {
  readonly rowId: string
  readonly answer: JsonObject
  /** Where the model is writing. */
  readonly path: Path
}

interface RowsState {
  /** Whose rows these are; null for none. */
  readonly formId: string | null
  /** By their ids, which are in order of time. */
  readonly rows: ReadonlyMap<string, FormRow>
  readonly live: LiveAnswer | null
}

export const useRows = create<RowsState>(() => ({ formId: null, rows: new Map(), live: null }))

/** Reads the answer that is being written; one at a time is. */
let reader: { readonly rowId: string; readonly json: PartialJson } | null = null

/** Follows the rows of a form until the returned function is called. */
export function followRows(formId: string): () => void {
  useRows.setState({ formId, rows: new Map(), live: null })
  reader = null
  return subscribe('forms.rows', { formId }, event => {
    if (useRows.getState().formId === formId) take(event)
  })
}

function take(event: StreamEvent<'forms.rows'>): void {
  const { rows } = useRows.getState()
  if (event.type === 'delta') {
    if (reader?.rowId !== event.rowId) return
    reader.json.push(event.text)
    showLive()
  } else if (event.type === 'removed') {
    const left = new Map(rows)
    for (const id of event.rowIds) left.delete(id)
    useRows.setState({ rows: left })
  } else {
    const changed = event.type === 'row' ? [event.row] : event.rows
    const all = new Map(event.type === 'all' ? [] : rows)
    for (const row of changed) all.set(row.id, row)
    useRows.setState({ rows: all })
    for (const row of changed) follow(row)
  }
}

/** Begins to read the answer of a row that runs, or ends reading it. */
function follow(row: FormRow): void {
  if (row.state === 'running') {
    reader = { rowId: row.id, json: new PartialJson() }
    reader.json.push(row.written)
    showLive()
  } else if (reader?.rowId === row.id) {
    reader = null
    useRows.setState({ live: null })
  }
}

function showLive(): void {
  if (!reader) return
  const { rowId, json } = reader
  const { value = {}, path } = json
  useRows.setState({ live: { rowId, answer: value as JsonObject, path } })
}
