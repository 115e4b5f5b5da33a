import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { WrittenFile } from '../tool-engine.ts'

const chunk = 1024 * 1024

/**
 * Brings a finished file to the disk and hashes it.
 * @param onAlive called now and then while it takes long
 */
export async function writtenFile(path: string, onAlive: () => void): Promise<WrittenFile> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
    const hash = createHash('sha256')
    let size = 0
    for await (const bytes of handle.createReadStream({ highWaterMark: chunk, autoClose: false })) {
      hash.update(bytes as Buffer)
      size += (bytes as Buffer).length
      onAlive()
    }
    return { digest: `sha256:${hash.digest('hex')}`, size }
  } finally {
    await handle.close()
  }
}
