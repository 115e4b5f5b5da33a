import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { Library } from '../../../main/library/library.ts'
import { Registry } from '../../../main/library/registry/registry.ts'
import type { TransferProgress } from '../../../main/library/registry/transfer-progress.ts'
import { downloadThreads } from '../hearth.ts'

/** Milliseconds of silence that a test about silence waits for. */
export const stallMs = 1000
/** Milliseconds for the others: a busy machine is silent at times, and each new connection would be one too many. */
const patienceMs = 30_000

/**
 * One who pulls and pushes, with a models folder and a key of its own, until the test ends.
 * @param atOnce bytes of a request, by the speed before; a part each by default, however fast the machine is
 */
export function newClient(
  folder = mkdtempSync(join(tmpdir(), 'hearth-pull-')),
  stall = patienceMs,
  atOnce: (rate: number) => number = () => 0,
) {
  const library = new Library({ modelsFolder: join(folder, 'models') })
  const registry = new Registry({
    ...downloadThreads,
    library,
    userHome: folder,
    version: '0.0.0',
    stall,
    atOnce,
    backoff: next => next * 10,
  })
  onTestFinished(async () => {
    await registry.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const told: TransferProgress[] = []
  return {
    library,
    registry,
    folder,
    models: library.folder.root,
    /** Every line told so far. */
    told,
    pull: (model: string, signal?: AbortSignal) =>
      registry.pull(model, line => told.push(line), { insecure: true, signal }),
    push: (model: string, signal?: AbortSignal) =>
      registry.push(model, line => told.push(line), { insecure: true, signal }),
  }
}

export type Client = ReturnType<typeof newClient>

/** The last line of each step: how many come before it is a matter of time. */
export function lastLines(lines: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return [...new Map(lines.map(line => [line.status, line])).values()]
}

/** Waits until a check passes; a busy machine is slow. */
export const eventually = (check: () => void): Promise<void> => vi.waitFor(check)

/** Pulls or pushes in a process of its own, which a test may kill. */
export function transferInProcess(
  direction: 'pull' | 'push',
  folder: string,
  model: string,
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const script = join(import.meta.dirname, 'transfer-child.ts')
  return spawn(process.execPath, ['--import', 'tsx', script, direction, folder, model], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
}

export const exit = (child: ChildProcess) => new Promise<number | null>(resolve => child.once('exit', resolve))
