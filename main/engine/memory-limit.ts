import { readFileSync } from 'node:fs'

/**
 * Whether a process may take only so much memory (`ulimit -v` or `-d`, getrlimit's RLIMIT_AS and RLIMIT_DATA). Such a
 * limit is invisible to most of what takes memory: threads, Node and drivers end the process at it, some without a
 * word. False where the system keeps no such limits.
 */
export function hasMemoryLimit(pid: number | 'self'): boolean {
  try {
    return /^Max (address space|data size)\s+\d/m.test(readFileSync(`/proc/${pid}/limits`, 'latin1'))
  } catch {
    return false
  }
}
