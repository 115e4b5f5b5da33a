import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Libsql from 'libsql'
import { readOnlyUrl } from './database-file.ts'
import { DatabaseProblem, databaseProblem } from './database-problem.ts'

/** What may be bound. No boolean: libsql 0.5 ends the whole process on one. */
export type Value = string | number | null

/** Columns to read, each as text or as a number, whatever the row really holds. */
export type Columns = Readonly<Record<string, 'TEXT' | 'REAL'>>
export type Row<C extends Columns> = { [K in keyof C]: (C[K] extends 'TEXT' ? string : number) | null }

/** Milliseconds main may stand still for a lock of another process; longer waits are made between tries. */
const lockWait = 2
/** Milliseconds a write keeps trying while another process writes. */
const patience = 5_000

/**
 * One connection, written for the traps of libsql 0.5 (each is tested):
 * - Text that is not UTF-8 (a damaged page) ends the process when read as text, and text with a NUL is cut there. So
 *   every row is read as one JSON value cast to bytes. That is also three times as fast as a row at a time.
 * - `close` leaves the file open until the prepared statements are collected. So statements are few and kept, the log
 *   is written back before closing, and what must let go of its file at once uses `exec` only.
 * - A single null given as it is counts as no value; values go in as one array.
 * - A failed COMMIT has often rolled back by itself; rolling back again would hide the first error.
 *
 * Never open the file by other means in this process: on POSIX, closing any handle of it drops SQLite's locks.
 */
export class Database {
  #connection: Libsql.Database
  readonly #folder: string
  readonly #statements = new Map<string, Libsql.Statement>()
  #beforeWrite: () => void = () => undefined

  private constructor(connection: Libsql.Database, folder: string) {
    this.#connection = connection
    this.#folder = folder
  }

  /**
   * Opens for reading and writing; the file is made when missing.
   *
   * Commits are synced (`synchronous = FULL`, about 4 ms): a question must be on disk before the model sees it, even
   * if the power fails, and with one commit for all replies twice a second the price is small. macOS needs
   * `fullfsync` for that.
   * @throws DatabaseProblem
   */
  static open(path: string): Database {
    const database = Database.#connect(path, lockWait)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA checkpoint_fullfsync = ON;
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA journal_size_limit = 8388608;
    `)
    return database
  }

  /** Opens as it is and waits for no lock, for a file that is only locked. @throws DatabaseProblem */
  static openPlain(path: string): Database {
    return Database.#connect(path, 0)
  }

  /** Opens a file that nobody writes, and must stay as it is. @throws DatabaseProblem */
  static openReadOnly(path: string): Database {
    return Database.#connect(path, 0, readOnlyUrl(path))
  }

  static #connect(path: string, timeout: number, name = path): Database {
    const folder = dirname(path)
    try {
      return new Database(new Libsql(name, { timeout }), folder)
    } catch (error) {
      throw databaseProblem(error, folder)
    }
  }

  /** Runs statements that take no values and give no rows. @throws DatabaseProblem, or Problem `database` */
  exec(sql: string): void {
    this.#guard(() => this.#connection.exec(sql))
  }

  /** @returns rows changed. @throws DatabaseProblem, or Problem `database` */
  run(sql: string, ...values: Value[]): number {
    return this.#guard(() => this.#prepare(sql).run(values).changes)
  }

  /**
   * Reads rows.
   * @param rest the query after its columns: `FROM … WHERE … ORDER BY …`
   * @throws DatabaseProblem, or Problem `database`
   */
  rows<C extends Columns>(columns: C, rest: string, ...values: Value[]): Row<C>[] {
    const names = Object.keys(columns)
    const casts = names.map(name => `CAST(${name} AS ${columns[name]})`).join(', ')
    const sql = `SELECT CAST(json_group_array(json_array(${casts})) AS BLOB) AS json FROM (SELECT ${names.join(', ')} ${rest})`
    return this.#guard(() => {
      const { json } = this.#prepare(sql).get(values) as { json: Uint8Array }
      const rows = JSON.parse(new TextDecoder().decode(json)) as unknown[][]
      return rows.map(row => asObject(names, row) as Row<C>)
    })
  }

  /** A number the file's header holds: user_version, application_id. */
  header(name: 'user_version' | 'application_id'): number {
    return this.rows({ [name]: 'REAL' }, `FROM pragma_${name}`)[0]?.[name] ?? 0
  }

  /** Whether there is a table of this name: later ones are missing in an older file. */
  hasTable(name: string): boolean {
    return this.rows({ name: 'TEXT' }, `FROM sqlite_master WHERE type = 'table' AND name = ?`, name).length > 0
  }

  /** All or nothing. @throws what `work` throws, or DatabaseProblem */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /**
   * A transaction that waits, without holding up main, while another process writes. `work` may run several times.
   * @throws what `work` throws, or DatabaseProblem
   */
  async write<T>(work: () => T): Promise<T> {
    this.#guard(this.#beforeWrite)
    const deadline = Date.now() + patience
    for (;;) {
      try {
        return this.transaction(work)
      } catch (error) {
        const locked = error instanceof DatabaseProblem && error.trouble === 'locked'
        if (!locked || Date.now() > deadline) throw error
      }
      await delay(20)
    }
  }

  /** Has something done before each `write`, which fails when that throws. */
  beforeWrites(look: () => void): void {
    this.#beforeWrite = look
  }

  /** Goes on in the file at `path`, which holds the same. @throws DatabaseProblem; it goes on in the old one then */
  goOnIn(path: string): void {
    const next = Database.open(path)
    this.#statements.clear()
    this.#connection.close()
    this.#connection = next.#connection
  }

  /** Writes the log back into the file, as far as that is possible, and closes. */
  close(): void {
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // Another process reads, or the disk is full: the log stays beside the file and is read at the next start.
    }
    this.#statements.clear()
    this.#connection.close()
  }

  #rollBack(): void {
    if (!this.#connection.inTransaction) return
    try {
      this.#connection.exec('ROLLBACK')
    } catch {
      // The first error is the one to tell; what was not committed is undone when the log is read next.
    }
  }

  #prepare(sql: string): Libsql.Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#connection.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw databaseProblem(error, this.#folder)
    }
  }
}

/** A loop, as this runs ten thousand times when a long conversation opens. */
function asObject(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (let index = 0; index < names.length; index += 1) object[names[index] as string] = values[index]
  return object
}
