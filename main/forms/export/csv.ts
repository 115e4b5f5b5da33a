import { type Column, columnsOf, plainText, valueAt } from '../../../forms/columns.ts'
import type { Field, Json } from '../../../forms/field.ts'
import type { DoneRow } from './done-row.ts'

/** Machines read these, and spreadsheets take them for their own. */
const words = { yes: 'true', no: 'false' }

/**
 * Rows as CSV (RFC 4180), a piece at a time. It begins with a byte order mark, without which Excel reads Chinese as
 * something else.
 * @param sourceName what the column of sources is called
 */
export async function* csvOf(
  fields: readonly Field[],
  rows: AsyncIterable<readonly DoneRow[]>,
  sourceName: string,
): AsyncGenerator<string> {
  const columns = columnsOf(fields)
  yield `\ufeff${line([sourceName, ...columns.map(({ name }) => name)])}`
  for await (const some of rows) {
    yield some
      .map(({ source, answer }) => line([source, ...columns.map(column => cell(valueAt(answer, column.keys), column))]))
      .join('')
  }
}

const cell = (value: Json | undefined, { shape }: Column): string | number =>
  typeof value === 'number' ? value : plainText(value, shape, words)

const line = (cells: readonly (string | number)[]): string =>
  `${cells.map(value => (typeof value === 'number' ? String(value) : quoted(harmless(value)))).join(',')}\r\n`

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * A text that no spreadsheet takes for a formula, which could read other cells and call other programs: what a model
 * has read in a stranger's letter is a stranger's text. An apostrophe before it says that it is text (OWASP, "CSV
 * Injection").
 */
const harmless = (text: string): string => (/^[\s]*[=+\-@]|^[\t\r]/.test(text) ? `'${text}` : text)
