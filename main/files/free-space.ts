import { statfs } from 'node:fs/promises'
import { Problem } from '../problem.ts'

/**
 * Makes sure that bytes will fit, before an hour's work tells the same.
 * @param folder where they are going to be written; it must exist
 * @throws Problem `disk-full`
 */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (bytes <= free) return
  throw new Problem('disk-full', 500, 'no space left on device', `${bytes} bytes are needed, ${free} are free`)
}
