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

/**
 * Version 2: what a row held before it was run again, to be put back; and in which batch it was last put into the queue,
 * where a form's `batch` counts how often its queue was empty and came to something. Counts of rows are read from the
 * index, past the texts of their sources.
 */
const version2 = `
  ALTER TABLE forms ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rows ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rows ADD COLUMN earlier_answer TEXT;
  ALTER TABLE rows ADD COLUMN earlier_corrected INTEGER;
  ALTER TABLE rows ADD COLUMN earlier_problem TEXT;
  ALTER TABLE rows ADD COLUMN earlier_model TEXT;
  CREATE INDEX rows_counted ON rows (form_id, state, batch) WHERE deleted_at IS NULL;
`

/**
 * Version 3: a `partial` answer (1) has no end. Of what is older, why the row failed tells; where it held a whole answer
 * before, that is taken for one without an end, and counts again with the next.
 */
const version3 = `
  ALTER TABLE rows ADD COLUMN partial INTEGER;
  ALTER TABLE rows ADD COLUMN earlier_partial INTEGER;
  UPDATE rows SET partial = 1
    WHERE state = 'failed' AND answer IS NOT NULL AND corrected = 0 AND problem LIKE '%"answer-cut-off"%';
`

/** Version 4: what is in the trash is found past the texts of all other rows. */
const version4 = `
  CREATE INDEX rows_in_trash ON rows (deleted_at) WHERE deleted_at IS NOT NULL;
`

/** Version 5: what a form is to be run on next: what was typed, and files and chats (JSON). */
const version5 = `
  CREATE TABLE sources (
    number INTEGER PRIMARY KEY,
    form_id TEXT NOT NULL UNIQUE REFERENCES forms (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    files TEXT NOT NULL
  ) STRICT;
`

/**
 * Version 6: a run is a list of sources as it was handed over (`files` as in `sources`), until there are rows of all of
 * them; `made` says of how many. A source that could not be read is kept in its row, to be tried again (JSON).
 */
const version6 = `
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    form_id TEXT NOT NULL REFERENCES forms (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL,
    sources INTEGER NOT NULL,
    made INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  ALTER TABLE rows ADD COLUMN unread TEXT;
`

/** Version 7: how often a row's answer was replaced, so that nobody corrects one that they have not seen. */
const version7 = `
  ALTER TABLE rows ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
`

/** What is copied of a damaged file: cast, as damage may have changed a value's kind. */
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
  batch: 'coalesce(CAST(batch AS INTEGER), 0)',
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
  batch: 'coalesce(CAST(batch AS INTEGER), 0)',
  earlier_answer: 'CAST(earlier_answer AS TEXT)',
  earlier_corrected: 'CAST(earlier_corrected AS INTEGER)',
  earlier_problem: 'CAST(earlier_problem AS TEXT)',
  earlier_model: 'CAST(earlier_model AS TEXT)',
  partial: 'CAST(partial AS INTEGER)',
  earlier_partial: 'CAST(earlier_partial AS INTEGER)',
  unread: 'CAST(unread AS TEXT)',
  revision: 'coalesce(CAST(revision AS INTEGER), 0)',
}

const sourceValues = {
  number: 'number',
  form_id: 'CAST(form_id AS TEXT)',
  text: `coalesce(CAST(text AS TEXT), '')`,
  files: `coalesce(CAST(files AS TEXT), '[]')`,
}

const runValues = {
  ...sourceValues,
  model: `coalesce(CAST(model AS TEXT), '')`,
  sources: 'coalesce(CAST(sources AS INTEGER), 0)',
  made: 'coalesce(CAST(made AS INTEGER), 0)',
}

/** What forms.db is. */
export const formsDatabase: DatabaseKind = {
  /** 'Hrtf' */
  applicationId: 0x48727466,
  migrations: [version1, version2, version3, version4, version5, version6, version7],
  tables: ['forms', 'rows'],
  salvage: async (exec, damaged) => {
    const rows = await attachDamaged(exec, damaged)
    if (rows === undefined) return
    await copyRows(exec, 'forms', formValues, isId('id'), rows)
    await copyRows(exec, 'rows', rowValues, `${isId('id')} AND ${isId('form_id')}`, rows)
    await copyRows(exec, 'sources', sourceValues, isId('form_id'), rows)
    await copyRows(exec, 'runs', runValues, isId('form_id'), rows)
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
