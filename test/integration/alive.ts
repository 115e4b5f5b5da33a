import { readFileSync } from 'node:fs'

/** A process runs; one that has ended and that nobody has asked after yet does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  // The state stands behind the name, which may hold anything: "pid (name) Z …", see proc(5).
  return !/\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
