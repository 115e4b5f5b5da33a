import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { conversationsDatabase } from '../../../main/conversations/opening.ts'
import { Database } from '../../../main/database/database.ts'
import { openDatabaseFile } from '../../../main/database/opening.ts'
import { formsDatabase } from '../../../main/forms/schema.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const id = '11111111-1111-4111-8111-111111111111'

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
}

/** The columns of all tables. */
function columnsOf(file: Database): Column[] {
  const found = file.rows(
    { table_name: 'TEXT', name: 'TEXT', type: 'TEXT' },
    `FROM (SELECT tables.name AS table_name, columns.name, columns.type
       FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table')`,
  )
  return found.map(({ table_name: table, name, type }) => ({ table: table ?? '', name: name ?? '', type: type ?? '' }))
}

/** No column's default. */
function filling({ name, type }: Column): string | number {
  if (type === 'INTEGER') return 7
  return name === 'id' || name.endsWith('_id') ? id : name
}

/** What every table holds, by table and column. */
function held(file: Database): Record<string, string[]> {
  const all = columnsOf(file).map(({ table, name }) => [
    `${table}.${name}`,
    file.rows({ value: 'TEXT' }, `FROM (SELECT ${name} AS value FROM ${table})`).map(({ value }) => value ?? 'null'),
  ])
  return Object.fromEntries(all)
}

// A migration that adds a column, or a table, which the rescue does not know loses what is in it with the first damage.
test.each([
  ['conversations', conversationsDatabase],
  ['forms', formsDatabase],
])('every column of %s.db is rescued', async (name, kind) => {
  const path = join(temporaryHome(), `${name}.db`)
  const file = Database.open(path)
  for (const step of kind.migrations) file.exec(step)
  const columns = columnsOf(file)
  for (const table of new Set(columns.map(column => column.table))) {
    const own = columns.filter(column => column.table === table)
    const names = own.map(column => column.name)
    file.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?')})`, ...own.map(filling))
  }
  const before = held(file)
  expect(Object.keys(before).length).toBeGreaterThan(20)
  // Another program's, by its header.
  file.exec(`PRAGMA user_version = ${kind.migrations.length}; PRAGMA application_id = 1`)
  file.close()
  const { database, aside } = await openDatabaseFile(path, 1, kind)
  expect(dirname(aside ?? '')).toBe(dirname(path))
  expect(held(database)).toEqual(before)
  database.close()
})
