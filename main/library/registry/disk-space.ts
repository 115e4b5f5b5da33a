import { statfs } from 'node:fs/promises'
import { Problem } from '../../problem.ts'

/** Something that is going to fill the disk. */
export interface Growing {
  /** Bytes it still has to write. */
  readonly remaining: number
}

/** What all downloads into one folder are going to need, against what is free. */
export class DiskSpace {
  readonly #growing = new Set<Growing>()

  constructor(private readonly folder: string) {}

  add(growing: Growing): void {
    this.#growing.add(growing)
  }

  delete(growing: Growing): void {
    this.#growing.delete(growing)
  }

  /**
   * Makes sure that everything that was added, and `more` bytes, will fit.
   * @throws Problem `disk-full`
   */
  async check(more = 0): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder)
    const needed = [...this.#growing].reduce((sum, { remaining }) => sum + remaining, more)
    const free = bavail * bsize
    if (needed <= free) return
    throw new Problem('disk-full', 500, 'no space left on device', `${needed} bytes are needed, ${free} are free`)
  }
}
