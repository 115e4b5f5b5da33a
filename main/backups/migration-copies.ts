import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BackedUp } from './part.ts'

/** What keeps a migration's copy apart from all else beside a database (database/opening.ts). */
const migrationCopy = /-before-version-\d+-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z)\.db$/

export interface MigrationCopy {
  readonly part: BackedUp
  readonly path: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Copies that migrations have left beside their databases, and nobody has taken in yet. */
export async function migrationCopies(parts: readonly BackedUp[]): Promise<MigrationCopy[]> {
  const found = parts.map(async part => {
    const folder = dirname(part.path)
    const stem = part.name.replace(/\.db$/, '')
    const names = await readdir(folder).catch(() => [])
    return names.flatMap(name => {
      const time = name.startsWith(stem) ? migrationCopy.exec(name)?.[1] : undefined
      return time === undefined ? [] : { part, path: join(folder, name), at: timeOf(time) }
    })
  })
  return (await Promise.all(found)).flat().filter(({ path }) => existsSync(path))
}

/** Of a time as `stamp` writes it (database/database-file.ts). */
function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/, 'T$1:$2:$3.$4Z'))
}
