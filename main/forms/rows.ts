import { z } from 'zod'
import { limits } from '../../forms/field.ts'
import type { Attachment, Form, FormRow } from '../../preload/contract.ts'
import { fieldSchema, formRowSchema } from '../../preload/contract-forms.ts'
import { attachmentSchema, problemSchema } from '../../preload/contract-parts.ts'
import type { Columns, Row } from '../database/database.ts'

/** What is read of the database is taken leniently: a value that cannot be right falls back alone. */

export const formColumns = {
  id: 'TEXT',
  name: 'TEXT',
  instructions: 'TEXT',
  fields: 'TEXT',
  model: 'TEXT',
  paused: 'REAL',
  created_at: 'REAL',
  updated_at: 'REAL',
  rows: 'REAL',
  waiting: 'REAL',
  failed: 'REAL',
  queued: 'REAL',
} as const satisfies Columns

export const rowColumns = {
  id: 'TEXT',
  form_id: 'TEXT',
  source_kind: 'TEXT',
  source_name: 'TEXT',
  excerpt: 'TEXT',
  pictures: 'TEXT',
  state: 'TEXT',
  model: 'TEXT',
  answer: 'TEXT',
  corrected: 'REAL',
  revision: 'REAL',
  problem: 'TEXT',
  earlier: 'REAL',
  created_at: 'REAL',
} as const satisfies Columns

/** A row as it is stored: without what only its run in flight can tell. */
export type StoredRow = Omit<FormRow, 'loading' | 'written'>

/** A form as it is stored: without what only the queue can tell. */
export type StoredForm = Omit<Form, 'pace'>

const fieldsSchema = z.array(fieldSchema).max(limits.fields)

/** @returns undefined only without an id */
export function storedForm(row: Row<typeof formColumns>): StoredForm | undefined {
  if (!row.id) return undefined
  return {
    id: row.id,
    name: row.name ?? '',
    instructions: row.instructions ?? '',
    model: row.model ?? '',
    fields: fieldsSchema.safeParse(parsed(row.fields)).data ?? [],
    paused: row.paused === 1,
    rows: row.rows ?? 0,
    waiting: row.waiting ?? 0,
    failed: row.failed ?? 0,
    batch: row.queued ?? 0,
    createdAt: row.created_at ?? 0,
    updatedAt: row.updated_at ?? 0,
  }
}

/** @returns undefined only without its id or its form's */
export function storedRow(row: Row<typeof rowColumns>): StoredRow | undefined {
  if (!row.id || !row.form_id) return undefined
  const { kind } = formRowSchema.shape.source.shape
  return {
    id: row.id,
    formId: row.form_id,
    model: row.model ?? '',
    createdAt: row.created_at ?? 0,
    source: {
      kind: kind.safeParse(row.source_kind).data ?? 'text',
      name: row.source_name ?? '',
      excerpt: row.excerpt ?? '',
      pictures: picturesOf(row.pictures),
    },
    state: formRowSchema.shape.state.safeParse(row.state).data ?? 'failed',
    answer: formRowSchema.shape.answer.safeParse(parsed(row.answer)).data ?? null,
    corrected: row.corrected === 1,
    revision: row.revision ?? 0,
    problem: problemSchema.safeParse(parsed(row.problem)).data ?? null,
    earlier: row.earlier === 1,
  }
}

/** The pictures that a column lists. */
export const picturesOf = (json: string | null): Attachment[] =>
  z.array(attachmentSchema).safeParse(parsed(json)).data ?? []

/** JSON out of a column; null for what is none. */
export function parsed(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json)
  } catch {
    return null
  }
}
