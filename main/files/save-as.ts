import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileProblem } from './file-problem.ts'

/**
 * Writes a file piece by piece under a name of its own, and gives it its name when it is whole: what had that name
 * stays until then, and a half file is never taken for a whole one. Yields after every piece; who lets go of it removes
 * what was written.
 * @throws Problem file-unwritable, disk-full; what `pieces` throws
 */
export async function* saveAs(path: string, pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<void, void> {
  const part = join(dirname(path), `.hearth-${randomBytes(8).toString('hex')}.part`)
  const file = await open(part, 'wx').catch(failed)
  try {
    try {
      for await (const piece of pieces) {
        await file.writeFile(piece)
        yield
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    failed(error)
  } finally {
    await rm(part, { force: true })
  }
}

function failed(error: unknown): never {
  throw fileProblem(error, 'file-unwritable')
}
