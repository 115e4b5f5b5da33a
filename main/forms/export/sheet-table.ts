import type { CellObject, Row, SheetData } from 'write-excel-file/node'

/** Excel's own limits: rows of a sheet, its header included, and characters of a cell. */
const mostRows = 1_048_576
const mostCharacters = 32_767

/** A table in one sheet, and as many more as its rows need. */
export class SheetTable {
  readonly sheets: SheetData[]
  /** Texts that lost their end, as a cell does not hold them. */
  cutTexts = 0
  readonly #header: Row
  readonly #most: number

  /** @param most rows of a sheet, its header included */
  constructor(header: readonly string[], most = mostRows) {
    this.#header = header.map(name => ({ ...text(name), fontWeight: 'bold' }))
    this.#most = most
    this.sheets = [[this.#header]]
  }

  push(row: Row): void {
    let sheet = this.sheets.at(-1)
    if (!sheet || sheet.length >= this.#most) {
      sheet = [this.#header]
      this.sheets.push(sheet)
    }
    sheet.push(row.map(cell => this.#short(cell as CellObject | null)))
  }

  #short(cell: CellObject | null): CellObject | null {
    if (typeof cell?.value !== 'string' || cell.value.length <= mostCharacters) return cell
    this.cutTexts += 1
    // No half of a pair at its end.
    return { ...cell, value: cell.value.slice(0, mostCharacters).replace(/[\ud800-\udbff]$/, '') }
  }
}

export const number = (value: number): CellObject => ({ type: Number, value })

export const text = (value: string): CellObject => ({ type: String, value: writable(value) })

/** Without what XML cannot hold: control characters and halves of surrogate pairs. */
export const writable = (value: string): string =>
  value.toWellFormed().replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')

/** Wide enough for most of what is in it, narrow enough to see the next. In characters. */
export function widths(data: SheetData): { width: number }[] {
  return (data[0] ?? []).map((_, index) => {
    const longest = data.slice(0, 100).reduce((most, row) => {
      const value = (row?.[index] as CellObject | null)?.value
      return Math.max(most, value instanceof Date ? 10 : String(value ?? '').length)
    }, 0)
    return { width: Math.min(60, Math.max(8, longest + 2)) }
  })
}
