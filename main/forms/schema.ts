import type { DatabaseKind } from '../database/opening.ts'
import { attachDamaged, attempt, copyRows, isId } from '../database/salvage.ts'

/**
 * Version 1. Times are milliseconds since 1970. `fields`, `pictures`, `answer` and `problem` are JSON. A row is what a
 * form was run on and what came out; the queue is the rows whose `state` is waiting, in the order of their numbers,
 * those with `first` before all others. `attempts` counts how often a row was begun: one that takes the app down with
 * it must not do so at every start.
 */
const version1 = `
  CREATE TABLE forms (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    instructions TEXT NOT NULL DEFAULT '',
    fields TEXT NOT NULL,
    model TEXT NOT NULL DEFAULT '',
    paused INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;

  CREATE TABLE rows (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    form_id TEXT NOT NULL REFERENCES forms (id) ON DELETE CASCADE,
    source_kind TEXT NOT NULL,
    source_name TEXT NOT NULL,
    source_text TEXT NOT NULL,
    pictures TEXT,
    state TEXT NOT NULL,
    first INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    model TEXT NOT NULL,
    answer TEXT,
    corrected INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX rows_of_form ON rows (form_id, number) WHERE deleted_at IS NULL;
  CREATE INDEX rows_to_run ON rows (state) WHERE state IN ('waiting', 'running');
`

const formValues = {
  number: 'number',
  id: 'CAST(id AS TEXT)',
  name: `coalesce(CAST(name AS TEXT), '')`,
  instructions: `coalesce(CAST(instructions AS TEXT), '')`,
  fields: `coalesce(CAST(fields AS TEXT), '[]')`,
  model: `coalesce(CAST(model AS TEXT), '')`,
  paused: 'coalesce(CAST(paused AS INTEGER), 0)',
  created_at: 'coalesce(CAST(created_at AS INTEGER), 0)',
  updated_at: 'coalesce(CAST(updated_at AS INTEGER), 0)',
  deleted_at: 'CAST(deleted_at AS INTEGER)',
}

const rowValues = {
  number: 'number',
  id: 'CAST(id AS TEXT)',
  form_id: 'CAST(form_id AS TEXT)',
  source_kind: `coalesce(CAST(source_kind AS TEXT), 'text')`,
  source_name: `coalesce(CAST(source_name AS TEXT), '')`,
  source_text: `coalesce(CAST(source_text AS TEXT), '')`,
  pictures: 'CAST(pictures AS TEXT)',
  state: `coalesce(CAST(state AS TEXT), 'failed')`,
  first: 'coalesce(CAST(first AS INTEGER), 0)',
  attempts: 'coalesce(CAST(attempts AS INTEGER), 0)',
  model: `coalesce(CAST(model AS TEXT), '')`,
  answer: 'CAST(answer AS TEXT)',
  corrected: 'coalesce(CAST(corrected AS INTEGER), 0)',
  problem: 'CAST(problem AS TEXT)',
  created_at: 'coalesce(CAST(created_at AS INTEGER), 0)',
  deleted_at: 'CAST(deleted_at AS INTEGER)',
}

/** What forms.db is. */
export const formsDatabase: DatabaseKind = {
  /** 'Hrtf' */
  applicationId: 0x48727466,
  migrations: [version1],
  tables: ['forms', 'rows'],
  salvage: async (exec, damaged) => {
    const rows = await attachDamaged(exec, damaged)
    if (rows === undefined) return
    await copyRows(exec, 'forms', [formValues], isId('id'), rows)
    await copyRows(exec, 'rows', [rowValues], `${isId('id')} AND ${isId('form_id')}`, rows)
    // Rows of a form that is lost come back under one without fields: their answers can still be read and exported.
    await attempt(() =>
      exec(`
        INSERT INTO forms (id, name, fields, paused, created_at, updated_at)
          SELECT form_id, '', '[]', 1, min(created_at), max(created_at) FROM rows
          WHERE form_id NOT IN (SELECT id FROM forms) GROUP BY form_id;
      `),
    )
  },
}
