import type { JsonObject } from '../../../forms/field.ts'
import type { FormRow } from '../../../preload/contract.ts'

/** A row that has a whole answer, as files tell of it. */
export interface DoneRow {
  /** The name of what it was made from, or its beginning where it has none. */
  readonly source: string
  readonly kind: FormRow['source']['kind']
  readonly model: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly corrected: boolean
  readonly answer: JsonObject
}
