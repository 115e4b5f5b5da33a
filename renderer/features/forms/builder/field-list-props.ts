import type { Field } from '../../../../forms/field.ts'

export interface FieldListProps {
  label: string
  fields: readonly Field[]
  /** Groups and lists around it. */
  depth: number
  /** Rows have answers under these keys. */
  keepKeys: boolean
  onChange: (change: (fields: readonly Field[]) => readonly Field[]) => void
}
