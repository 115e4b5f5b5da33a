import { accessSync, constants, statfsSync } from 'node:fs'
import { freeBytes } from '../files/free-space.ts'
import { Problem } from '../problem.ts'

/**
 * What keeps the database from working. locked: another program holds it, which passes; damaged: its content cannot be
 * right; newer: a later version of Hearth wrote it; unreadable: the file system gives it out in no way.
 */
export type Trouble = 'locked' | 'damaged' | 'newer' | 'disk-full' | 'read-only' | 'unreadable'

const messages: Record<Trouble, string> = {
  locked: 'the database is in use by another program',
  damaged: 'the database is damaged',
  newer: 'the database was written by a newer version of Hearth',
  'disk-full': 'no space left on device',
  'read-only': 'the database cannot be written, the place is read-only',
  unreadable: 'the database cannot be read',
}

export class DatabaseProblem extends Problem {
  constructor(
    readonly trouble: Trouble,
    details: string,
  ) {
    super(
      trouble === 'disk-full' ? 'disk-full' : 'database',
      trouble === 'locked' ? 503 : 500,
      messages[trouble],
      details,
    )
  }
}

/**
 * An error of libsql or of the file system as a problem; a Problem is given back as it is.
 * @param folder where the database lies: it tells what is behind an input/output error
 */
export function databaseProblem(error: unknown, folder: string): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof Error)) return new DatabaseProblem('unreadable', String(error))
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  // libsql's constructor throws without a code.
  const fromConstructor = error.message.includes('Unable to open connection')
  const trouble = troubleOfCode(code) ?? (fromConstructor ? 'unreadable' : undefined)
  if (!trouble) return new Problem('database', 500, error.message, error.stack)
  const details = `${code} ${error.message}`.trim()
  return new DatabaseProblem(trouble === 'unreadable' ? troubleOfFolder(folder) : trouble, details)
}

function troubleOfCode(code: string): Trouble | undefined {
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return 'locked'
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return 'damaged'
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full'
  if (/^SQLITE_(READONLY|PERM)/.test(code) || code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return 'read-only'
  if (/^SQLITE_(CANTOPEN|IOERR)/.test(code) || /^E[A-Z]+$/.test(code)) return 'unreadable'
  return undefined
}

/** What SQLite calls an input/output error, or a file it cannot open, is often a full or read-only disk. */
function troubleOfFolder(folder: string): Trouble {
  try {
    accessSync(folder, constants.W_OK)
    const free = freeBytes(statfsSync(folder))
    return free !== undefined && free < 64 * 1024 ? 'disk-full' : 'unreadable'
  } catch (error) {
    return troubleOfCode(String((error as NodeJS.ErrnoException).code)) ?? 'unreadable'
  }
}
