import stringWidth from 'string-width'
import { printableLine } from './printable.ts'

/** Spaces between two columns, as upstream's tables have them (upstream cmd/cmd.go). */
const gap = '    '

/** Rows as lines, their cells in columns by the width a terminal gives them; nothing is left behind the last cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map(row => row.map(printableLine))
  const widths: number[] = []
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))
  }
  return cells.map(row =>
    row
      .map((cell, column) => pad(cell, widths[column]!))
      .join(gap)
      .trimEnd(),
  )
}

/** A text filled up with spaces to a width in columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
