import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Lines kept, as upstream (readline/history.go). */
const kept = 100

/** Lines a file may grow to before it is cut to what is kept; another session may be writing to it. */
const cutAt = 10 * kept

/**
 * What the person typed in earlier sessions, one line each, for the arrow keys. A file that cannot be had is no loss.
 */
export class PromptHistory {
  readonly #path: string
  enabled: boolean

  constructor(path: string, enabled: boolean) {
    this.#path = path
    this.enabled = enabled
  }

  /** The newest first, as Node's readline wants them. */
  read(): string[] {
    if (!this.enabled) return []
    try {
      const lines = readFileSync(this.#path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
      if (lines.length > cutAt) {
        writeFileSync(
          this.#path,
          lines
            .slice(-kept)
            .map(line => `${line}\n`)
            .join(''),
          { mode: 0o600 },
        )
      }
      return lines.slice(-kept).reverse()
    } catch {
      return []
    }
  }

  add(line: string): void {
    if (!this.enabled || line.trim() === '') return
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
      appendFileSync(this.#path, `${line}\n`, { mode: 0o600 })
    } catch {
      // The session knows its lines all the same.
    }
  }
}
