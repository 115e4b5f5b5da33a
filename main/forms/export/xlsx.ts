import writeXlsxFile, { type CellObject, type Row, type SheetData } from 'write-excel-file/node'
import { type Column, columnsOf, plainText, valueAt } from '../../../forms/columns.ts'
import type { Field, Json, JsonObject } from '../../../forms/field.ts'
import type { DoneRow } from './done-row.ts'

/** Excel's own limits. */
const mostCharacters = 32_767
const mostRows = 1_048_576
/** Characters of a sheet's name. */
const mostName = 31

export interface XlsxWords {
  readonly source: string
  /** What the number of an item in its list is called. */
  readonly item: string
  readonly yes: string
  readonly no: string
}

export type XlsxOf = (
  name: string,
  fields: readonly Field[],
  rows: AsyncIterable<readonly DoneRow[]>,
  words: XlsxWords,
) => Promise<Uint8Array>

/**
 * Rows as a workbook: a sheet with a row for each, and one more for each list of groups, a row for each of its items.
 * Numbers, yes/no and days are values of their kind; a text is a text, whatever it begins with.
 */
export const xlsxOf: XlsxOf = async (name, fields, rows, words) => {
  const columns = columnsOf(fields)
  const main: SheetData = [header([words.source, ...columns.map(column => column.name)])]
  const lists = columns.flatMap(column => {
    const { shape } = column
    if (shape.kind !== 'list' || shape.item.kind !== 'group') return []
    const inner = columnsOf(shape.item.fields)
    const data: SheetData = [header([words.source, words.item, ...inner.map(({ name }) => name)])]
    return [{ column, inner, data }]
  })
  for await (const some of rows) {
    for (const { source, answer } of some) {
      push(main, [text(source), ...cells(columns, answer, words)])
      for (const { column, inner, data } of lists) {
        const items = valueAt(answer, column.keys)
        if (!Array.isArray(items)) continue
        for (const [index, item] of (items as readonly JsonObject[]).entries()) {
          push(data, [text(source), number(index + 1), ...cells(inner, item, words)])
        }
      }
    }
  }
  const names = new SheetNames()
  const sheets = [{ name, data: main }, ...lists.map(({ column, data }) => ({ name: column.name, data }))]
  return await writeXlsxFile(
    sheets.map(({ name, data }) => ({ data, sheet: names.next(name), stickyRowsCount: 1, columns: widths(data) })),
  ).toBuffer()
}

function push(data: SheetData, row: Row): void {
  if (data.length < mostRows) data.push(row)
}

const header = (names: readonly string[]): Row =>
  names.map(name => ({ ...text(name), fontWeight: 'bold' }) as CellObject)

const cells = (columns: readonly Column[], answer: JsonObject, words: XlsxWords): Row =>
  columns.map(column => cell(valueAt(answer, column.keys), column, words))

function cell(value: Json | undefined, { shape }: Column, words: XlsxWords): CellObject | null {
  if (value === undefined) return null
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return { type: Boolean, value }
  if (shape.kind === 'date' && shape.form === 'date' && typeof value === 'string') return day(value)
  return text(plainText(value, shape, words))
}

const number = (value: number): CellObject => ({ type: Number, value })

const text = (value: string): CellObject => ({ type: String, value: writable(value).slice(0, mostCharacters) })

/** A day as Excel counts them; what is none stays a text. */
function day(value: string): CellObject {
  const time = Date.parse(`${value}T00:00:00Z`)
  // Excel knows no day before 1900.
  if (Number.isNaN(time) || time < Date.UTC(1900, 2, 1)) return text(value)
  return { type: Date, value: new Date(time), format: 'yyyy-mm-dd' }
}

/** Without what XML cannot hold: control characters and halves of surrogate pairs. */
const writable = (value: string): string =>
  value.toWellFormed().replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')

/** Wide enough for most of what is in it, narrow enough to see the next. In characters. */
function widths(data: SheetData): { width: number }[] {
  return (data[0] ?? []).map((_, index) => {
    const longest = data.slice(0, 100).reduce((most, row) => {
      const value = (row?.[index] as CellObject | null)?.value
      return Math.max(most, value instanceof Date ? 10 : String(value ?? '').length)
    }, 0)
    return { width: Math.min(60, Math.max(8, longest + 2)) }
  })
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
