import writeXlsxFile, { type CellObject, type Row } from 'write-excel-file/node'
import { type Column, columnsOf, plainText, valueAt } from '../../../forms/columns.ts'
import type { Field, Json, JsonObject } from '../../../forms/field.ts'
import type { DoneRow } from './done-row.ts'
import { number, SheetTable, text, widths, writable } from './sheet-table.ts'

/** Characters of a sheet's name: Excel's own limit. */
const mostName = 31

export interface XlsxWords {
  /** What the number of a row is called, by which the sheets of lists name it. */
  readonly row: string
  readonly source: string
  /** What the number of an item in its list is called. */
  readonly item: string
  readonly yes: string
  readonly no: string
}

export interface Workbook {
  readonly bytes: Uint8Array
  /** Texts longer than a cell holds, which are there without their end. */
  readonly cutTexts: number
}

export type XlsxOf = (
  name: string,
  fields: readonly Field[],
  rows: AsyncIterable<readonly DoneRow[]>,
  words: XlsxWords,
) => Promise<Workbook>

/**
 * Rows as a workbook: a sheet with a row for each, and one more for each list of groups, a row for each of its items,
 * which names its row by its number: two sources may have one name. Numbers, yes/no and days are values of their kind;
 * a text is a text, whatever it begins with. What one sheet does not hold goes on in the next.
 */
export const xlsxOf: XlsxOf = async (name, fields, rows, words) => {
  const columns = columnsOf(fields)
  const lists = columns.flatMap(column => {
    const { shape } = column
    if (shape.kind !== 'list' || shape.item.kind !== 'group') return []
    const inner = columnsOf(shape.item.fields)
    const table = new SheetTable([words.row, words.source, words.item, ...inner.map(({ name }) => name)])
    return [{ column, inner, table }]
  })
  const numbered = lists.length > 0
  const main = new SheetTable([
    ...(numbered ? [words.row] : []),
    ...[words.source, ...columns.map(column => column.name)],
  ])
  let count = 0
  for await (const some of rows) {
    for (const { source, answer } of some) {
      count += 1
      main.push([...(numbered ? [number(count)] : []), text(source), ...cells(columns, answer, words)])
      for (const { column, inner, table } of lists) {
        const items = valueAt(answer, column.keys)
        if (!Array.isArray(items)) continue
        for (const [index, item] of (items as readonly JsonObject[]).entries()) {
          table.push([number(count), text(source), number(index + 1), ...cells(inner, item, words)])
        }
      }
    }
  }
  const names = new SheetNames()
  const tables = [{ name, table: main }, ...lists.map(({ column, table }) => ({ name: column.name, table }))]
  const sheets = tables.flatMap(({ name, table }) =>
    table.sheets.map(data => ({ data, sheet: names.next(name), stickyRowsCount: 1, columns: widths(data) })),
  )
  const cutTexts = tables.reduce((sum, { table }) => sum + table.cutTexts, 0)
  return { bytes: await writeXlsxFile(sheets).toBuffer(), cutTexts }
}

const cells = (columns: readonly Column[], answer: JsonObject, words: XlsxWords): Row =>
  columns.map(column => cell(valueAt(answer, column.keys), column, words))

function cell(value: Json | undefined, { shape }: Column, words: XlsxWords): CellObject | null {
  if (value === undefined) return null
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return { type: Boolean, value }
  if (shape.kind === 'date' && shape.form === 'date' && typeof value === 'string') return day(value)
  return text(plainText(value, shape, words))
}

/** A day as Excel counts them; what is none stays a text. */
function day(value: string): CellObject {
  const time = Date.parse(`${value}T00:00:00Z`)
  // Excel knows no day before 1900.
  if (Number.isNaN(time) || time < Date.UTC(1900, 2, 1)) return text(value)
  return { type: Date, value: new Date(time), format: 'yyyy-mm-dd' }
}

/** Names that Excel takes: short, without some signs, each once whatever its case. */
class SheetNames {
  readonly #given = new Set<string>()

  next(name: string): string {
    const base =
      writable(name)
        .replace(/[[\]:*?/\\]/g, ' ')
        .replace(/^'+|'+$/g, '')
        .trim() || 'Sheet'
    for (let count = 1; ; count += 1) {
      const suffix = count === 1 ? '' : ` ${count}`
      const candidate = `${base.slice(0, mostName - suffix.length).toWellFormed()}${suffix}`
      if (this.#given.has(candidate.toLowerCase())) continue
      this.#given.add(candidate.toLowerCase())
      return candidate
    }
  }
}
