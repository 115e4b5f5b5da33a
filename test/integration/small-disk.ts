import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small disk of its own, in memory. Whoever makes it unmounts it. */
export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'hearth-disk-'))
  readonly #filler = join(this.path, 'filler')

  /** @param megabytes size of the disk, in MiB */
  constructor(megabytes = 1) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.path], { stdio: 'ignore' })
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

  /** Leaves this many bytes free. */
  leave(bytes: number): void {
    this.free()
    const { bavail, bsize } = statfsSync(this.path)
    writeFileSync(this.#filler, Buffer.alloc(bavail * bsize - bytes))
  }

  free(): void {
    rmSync(this.#filler, { force: true })
  }

  readOnly(on: boolean): void {
    execFileSync('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, this.path])
  }

  /** Lazily, as libsql lets go of a closed file only when its statements are collected. */
  unmount(): void {
    execFileSync('umount', ['-l', this.path])
    rmSync(this.path, { recursive: true })
  }
}

/** Mounting needs root with the right to mount, as a bare machine or a build container has it. */
export const canMount = process.getuid?.() === 0 && tryMount()

function tryMount(): boolean {
  try {
    new SmallDisk().unmount()
    return true
  } catch {
    return false
  }
}
