import type { BackedUp } from './part.ts'
import type { PicturePool } from './picture-pool.ts'

/** Where all backups lie, and what they are of. */
export interface Place {
  /** The folder of all backups. */
  readonly folder: string
  readonly pool: PicturePool
  readonly parts: readonly BackedUp[]
}
