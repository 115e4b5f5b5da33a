import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../scripts/run.ts'

/** An ordinary user of this computer, made for the test. */
export interface Person {
  readonly name: string
  readonly home: string
  /** What a program needs in its environment; nothing of the test's own goes along. */
  readonly env: Record<string, string>
  /** Starts a program as this person. */
  start(command: readonly string[], options?: SpawnOptions): ChildProcess
  /** Runs one to its end. */
  run(command: readonly string[]): Promise<{ code: number; output: string }>
  /** Every process of this person. */
  processes(): number[]
  /** Ends all processes of the person and takes the account and the home away. */
  remove(): Promise<void>
}

/** @param env beside HOME, PATH and the like */
export function createPerson(name: string, env: Record<string, string>): Person {
  const home = `/home/${name}`
  execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/bash', name])
  const id = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }))
  const whole = { HOME: home, USER: name, LOGNAME: name, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...env }
  const as = (command: readonly string[]): [string, string[]] => [
    'setpriv',
    [`--reuid=${name}`, `--regid=${name}`, '--init-groups', '--inh-caps=-all', ...command],
  ]
  const processes = () =>
    readdirSync('/proc')
      .filter(entry => /^\d+$/.test(entry) && ownerOf(entry) === id)
      .map(Number)
  return {
    name,
    home,
    env: whole,
    start: (command, options) => spawn(...as(command), { cwd: home, env: whole, stdio: 'ignore', ...options }),
    run: command => run(...as(command), { cwd: home, env: whole }),
    processes,
    async remove() {
      for (let left = processes(); left.length > 0; left = processes()) {
        for (const pid of left) signal(pid, 'SIGKILL')
        await sleep(100)
      }
      execFileSync('userdel', [name])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** @returns the real user id; undefined for a process that has ended */
function ownerOf(pid: string): number | undefined {
  const file = `/proc/${pid}/status`
  try {
    const status = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (/^State:\s+Z/m.test(status)) return undefined
    const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1]
    return uid === undefined ? undefined : Number(uid)
  } catch {
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
