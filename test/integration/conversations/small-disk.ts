import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Mounting needs root with the right to mount, as a bare machine or a build container has it. */
export const canMount = process.getuid?.() === 0 && tryMount()

/** A disk of one megabyte of its own, unmounted when the test has ended. */
export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'hearth-disk-'))
  readonly #filler = join(this.path, 'filler')

  constructor() {
    mount(this.path)
    onTestFinished(() => unmount(this.path))
  }

  /** Takes all the space that is left. */
  fill(): void {
    const file = openSync(this.#filler, 'a')
    try {
      for (;;) writeSync(file, Buffer.alloc(4_096))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true })
  }

  readOnly(on: boolean): void {
    execFileSync('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, this.path])
  }
}

function tryMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'hearth-disk-'))
  try {
    mount(path)
  } catch {
    rmSync(path, { recursive: true })
    return false
  }
  unmount(path)
  return true
}

function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
}

/** Lazily, as libsql lets go of a closed file only when its statements are collected. */
function unmount(path: string): void {
  execFileSync('umount', ['-l', path])
  rmSync(path, { recursive: true })
}
