import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** An empty folder for the person's data, removed when the test has ended. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hearth-conversations-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  return home
}
