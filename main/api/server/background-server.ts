import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '../../files/atomic-file.ts'
import { errno } from '../../files/errno.ts'

const fileOf = (home: string, port: number): string => join(home, `background-server-${port}.pid`)

/**
 * Tells the app of this process, a server that was started for a command of the terminal and has the port until nobody
 * needs it any more. A home that takes no file keeps it from nothing.
 * @returns takes the word back; never rejects
 */
export async function tellOfBackgroundServer(home: string, port: number): Promise<() => Promise<void>> {
  const file = fileOf(home, port)
  await writeAtomically(file, `${process.pid}\n`).catch(() => undefined)
  return () => rm(file, { force: true }).catch(() => undefined)
}

/** Whether a server that was started for a command has the port. */
export async function hasBackgroundServer(home: string, port: number): Promise<boolean> {
  const pid = Number.parseInt(await readFile(fileOf(home, port), 'utf8').catch(() => ''), 10)
  return pid > 0 && runs(pid)
}

/** One that was killed leaves its file. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errno(error) === 'EPERM'
  }
}
