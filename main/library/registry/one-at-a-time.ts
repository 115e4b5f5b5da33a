import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseProblem } from '../../database/database-problem.ts'
import { FileLock } from '../../database/file-lock.ts'

/** How often one who waits looks whether it is his turn. Milliseconds. */
const lookMs = 250

/**
 * Works on a download's files while no other process does. Two that wrote into one file would make it as good as the
 * worse of them, even after the better one had checked it and given it the blob's name.
 * @param lock path of the lock; the file is there only as long as somebody holds it, or was killed
 * @param onWait called again and again as long as another process is at work
 * @throws the signal's reason, or what `work` throws
 */
export async function oneAtATime<T>(
  lock: string,
  work: () => Promise<T>,
  { signal, onWait }: { signal: AbortSignal; onWait: () => Promise<void> },
): Promise<T> {
  for (;;) {
    signal.throwIfAborted()
    const held = take(lock)
    if (held) return await work().finally(() => held.remove())
    await onWait()
    await pause(lookMs, undefined, { signal })
  }
}

/**
 * Works on a download's files, unless another process does.
 * @returns what `work` does, undefined where it did not begin
 */
export async function unlessBusy<T>(lock: string, work: () => Promise<T>): Promise<T | undefined> {
  const held = take(lock)
  return held && (await work().finally(() => held.remove()))
}

function take(path: string): Pick<FileLock, 'remove'> | undefined {
  try {
    return FileLock.take(path)
  } catch (error) {
    if (!(error instanceof DatabaseProblem)) throw error
    // A file system that knows no locks, or somebody else's file: we go on without one, as upstream always does.
    return { remove: () => undefined }
  }
}
