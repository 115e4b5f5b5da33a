import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { wordsOf } from '../../go/system-error.ts'
import { Problem } from '../../problem.ts'

/** Magic, version, number of tensors, number of metadata entries. */
const headerBytes = 24

/**
 * Turns away what is plainly no GGUF file before anything parses it: counts that lie about the file make readers ask
 * for more memory than there is. Each tensor and each metadata entry takes at least twelve bytes of the file.
 *
 * @returns the file's size in bytes
 * @throws Problem `broken-model-file`, or `model-not-found` when there is no such file
 */
export async function checkGgufFile(path: string): Promise<number> {
  const refuse = (why: string, details = path) =>
    new Problem('broken-model-file', 500, `unable to load model: ${why}`, details)
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Problem('model-not-found', 404, `model file ${JSON.stringify(basename(path))} not found`, path)
    }
    throw refuse(`the file cannot be read: ${wordsOf(error)}`)
  }
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw refuse('not a file')
    if (stat.size === 0) throw refuse('the file is empty')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    if (buffer.toString('latin1', 0, 4) !== 'GGUF') throw refuse('the file is not in GGUF format')
    if (bytesRead < headerBytes) throw refuse('the file is damaged or incomplete')
    const version = buffer.readUInt32LE(4)
    if (version < 2 || version > 3) throw refuse(`its GGUF version (${version}) is not supported`)
    const entries = buffer.readBigUInt64LE(8) + buffer.readBigUInt64LE(16)
    if (entries * 12n > BigInt(stat.size)) throw refuse('the file is damaged or incomplete')
    return stat.size
  } finally {
    await file.close()
  }
}
