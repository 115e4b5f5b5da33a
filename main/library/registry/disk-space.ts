import { requireSpace } from '../../files/free-space.ts'
import type { ModelsFolder } from '../models-folder.ts'

/** Something that is going to fill the disk. */
export interface Growing {
  /** Bytes it still has to take from what is free. */
  claim(): Promise<number>
}

/** What all downloads into one folder are going to need, against what is free. */
export class DiskSpace {
  readonly #growing = new Set<Growing>()

  constructor(private readonly folder: ModelsFolder) {}

  add(growing: Growing): void {
    this.#growing.add(growing)
  }

  delete(growing: Growing): void {
    this.#growing.delete(growing)
  }

  /**
   * Makes sure that everything that was added will fit.
   * @throws Problem `disk-full`
   */
  async check(): Promise<void> {
    const claims = await Promise.all([...this.#growing].map(growing => growing.claim()))
    const needed = claims.reduce((sum, bytes) => sum + bytes, 0)
    await requireSpace(this.folder.blobs, needed)
  }
}
