import { Problem } from '../problem.ts'
import type { Columns, Database, Row, Value } from './database.ts'

/**
 * Rows in order of their numbers. When they cannot be read together, each alone, without those that cannot.
 * @throws DatabaseProblem, or Problem `database` when not even one can be read
 */
export function readableRows<C extends Columns>(
  database: Database,
  table: string,
  columns: C,
  where: string,
  ...values: Value[]
): Row<C>[] {
  try {
    return database.rows(columns, `FROM ${table} ${where} ORDER BY number`, ...values)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const numbers = database.rows({ number: 'REAL' }, `FROM ${table} ${where} ORDER BY number`, ...values)
    const rows = numbers
      .map(({ number }) => readableRow(database, table, columns, number ?? 0))
      .filter(row => row !== undefined)
    if (numbers.length > 0 && rows.length === 0) throw error
    return rows
  }
}

function readableRow<C extends Columns>(
  database: Database,
  table: string,
  columns: C,
  number: number,
): Row<C> | undefined {
  try {
    return database.rows(columns, `FROM ${table} WHERE number = ?`, number)[0]
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
