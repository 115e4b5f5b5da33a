import { z } from 'zod'
import type { FileSource, FormSource, KeptSources } from '../../preload/contract.ts'
import { fileSourceSchema } from '../../preload/contract-forms.ts'
import type { Database } from '../database/database.ts'

/** What a form is to be run on next. @returns nothing where nothing is kept, and without what damage made of a file */
export function keptSources(database: Database, formId: string): KeptSources {
  const [row] = database.rows({ text: 'TEXT', files: 'TEXT' }, 'FROM sources WHERE form_id = ?', formId)
  return { text: row?.text ?? '', files: filesOf(row?.files ?? null) }
}

/** Replaces what is kept of a form that is there; what is left out stays. */
export function keepSources(database: Database, formId: string, { text, files }: Partial<KeptSources>): void {
  database.run(
    `INSERT INTO sources (form_id, text, files) VALUES (?1, coalesce(?2, ''), coalesce(?3, '[]'))
     ON CONFLICT (form_id) DO UPDATE SET text = coalesce(?2, text), files = coalesce(?3, files)`,
    ...[formId, text ?? null, files === undefined ? null : JSON.stringify(files)],
  )
}

/** All that is to be run, in the order of the window's list: what was typed first. */
export const listed = ({ text, files }: KeptSources): FormSource[] => [
  ...(text.trim() === '' ? [] : [{ kind: 'text' as const, name: '', text }]),
  ...files,
]

/** Hashes of all files that are kept, of one form or of all, in a database of any version. */
export function keptHashes(database: Database, formId?: string): string[] {
  const tables = ['sources', 'runs'].filter(table => database.hasTable(table))
  return tables
    .flatMap(table =>
      database.rows(
        { files: 'TEXT' },
        `FROM ${table} WHERE files <> '[]' AND form_id = coalesce(?, form_id)`,
        formId ?? null,
      ),
    )
    .flatMap(({ files }) => filesOf(files).flatMap(hashesOf))
}

/** Hashes of the files of a source. */
function hashesOf(source: FileSource): string[] {
  if (source.kind === 'document') return [source.hash]
  return source.kind === 'picture' ? source.pictures.map(({ hash }) => hash) : []
}

/** What is kept of files, without what damage made of it. */
export function filesOf(json: string | null): FileSource[] {
  try {
    return z.array(fileSourceSchema).parse(JSON.parse(json ?? '[]'))
  } catch {
    return []
  }
}
