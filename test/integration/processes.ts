import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process runs; one that has ended and that nobody has asked after yet does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    // The state stands behind the name, which may hold anything: "pid (name) Z …", see proc(5).
    return !/\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/**
 * Every process whose environment or command line holds a text, such as a test's own folder, whoever its parent is by
 * now. (Chromium's helpers write over the one, and not all name a folder in the other.)
 */
export function processesWith(text: string): number[] {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
    return pids
      .map(Number)
      .filter(pid => (['environ', 'cmdline'] as const).some(of => about(pid, of).includes(text)) && alive(pid))
  }
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
  return lines.filter(line => line.includes(text)).map(line => Number.parseInt(line, 10))
}

function about(pid: number, of: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${of}`, 'utf8')
  } catch {
    // Gone meanwhile, or somebody else's.
    return ''
  }
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
