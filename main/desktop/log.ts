import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

const maxBytes = 2_000_000

export interface Log {
  /** One happening; an error with its stack. Never throws: there is nobody left to tell. */
  write(what: string, error?: unknown): void
}

/**
 * hearth.log in a folder, made when first needed. Grown too large it becomes hearth.1.log, and the one before that
 * goes.
 * @param now the time of an entry
 */
export function openLog(folder: string, now: () => Date = () => new Date()): Log {
  const path = join(folder, 'hearth.log')
  return {
    write(what, error) {
      const cause = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : String(error)
      const entry = [`${now().toISOString()} ${what}`, cause].filter(Boolean).join('\n')
      try {
        mkdirSync(folder, { recursive: true })
        if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes)
          renameSync(path, join(folder, 'hearth.1.log'))
        appendFileSync(path, `${entry}\n`)
      } catch {
        // The disk may be full, which may be the very thing to be told.
      }
    },
  }
}
