import { statSync } from 'node:fs'
import { type Exec, readOnlyUrl } from './database-file.ts'
import { DatabaseProblem } from './database-problem.ts'

/** The condition that a column holds one of our ids, and not what damage made of it. */
export const isId = (column: string) => `length(${column}) = 36 AND ${column} NOT GLOB '*[^0-9a-f-]*'`

/**
 * Opens a damaged file beside a new database, as `damaged`; it is not changed.
 * @returns about how many rows it can hold; undefined when it cannot be opened at all
 */
export async function attachDamaged(exec: Exec, damaged: string): Promise<number | undefined> {
  // A writable schema also means: read a file that is shorter than its header says.
  await exec('PRAGMA foreign_keys = OFF; PRAGMA cell_size_check = ON; PRAGMA writable_schema = ON')
  if (!(await attempt(() => exec(`ATTACH '${readOnlyUrl(damaged).replaceAll("'", "''")}' AS damaged`))))
    return undefined
  // A row and its share of the indexes take more than this, so hardly any has a higher number.
  return statSync(damaged).size / 64
}

/**
 * Copies the rows of a table with a column `number INTEGER PRIMARY KEY`, past the pages that cannot be read.
 * @param values columns to copy, each with the expression that reads it; a file of an older version may lack some, but
 *   none of those that `condition` names
 * @param rows how many there can be; higher numbers are looked for, but with less patience
 */
export async function copyRows(
  exec: Exec,
  table: string,
  values: Record<string, string>,
  condition: string,
  rows: number,
): Promise<void> {
  const there: [string, string][] = []
  for (const [column, value] of Object.entries(values)) {
    if (await attempt(() => exec(`SELECT ${column} FROM damaged.${table} WHERE false`))) there.push([column, value])
  }
  // Without such a table no range would succeed.
  if (there.length === 0) return
  const copy = `INSERT OR IGNORE INTO ${table} (${there.map(([column]) => column).join(', ')})
    SELECT ${there.map(([, value]) => value).join(', ')} FROM damaged.${table} WHERE ${condition}`
  const copyRange = (from: number, to: number) =>
    attempt(() => exec(`${copy} AND number >= ${from} AND number < ${to}`))
  const limit = 2 ** Math.ceil(Math.log2(rows))
  await halve(copyRange, 0, limit, 5_000)
  await halve(copyRange, limit, 2 ** 53, 500)
}

/**
 * Copies a range and halves it where it cannot be read, widest first: what lies between broken pages is copied in a few
 * steps before patience is spent on the rows next to them.
 * @param patience how many failures to bear
 */
async function halve(
  copyRange: (from: number, to: number) => Promise<boolean>,
  first: number,
  end: number,
  patience: number,
): Promise<void> {
  const ranges = [{ from: first, to: end }]
  let failures = 0
  for (const { from, to } of ranges) {
    if (await copyRange(from, to)) continue
    failures += 1
    if (failures > patience) return
    const middle = from + (to - from) / 2
    if (to - from > 1) ranges.push({ from, to: middle }, { from: middle, to })
  }
}

/** @returns false where damage is in the way. @throws what is not the damaged file's fault */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof DatabaseProblem && ['locked', 'disk-full', 'read-only'].includes(error.trouble)) throw error
    return false
  }
}
