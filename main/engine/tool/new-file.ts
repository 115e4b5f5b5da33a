import { type FileHandle, open, rm } from 'node:fs/promises'

/**
 * Writes a file that was not there.
 * @param path must not exist; removed again when `write` fails
 * @throws what `write` throws, or the file system's error
 */
export async function writeNewFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'wx')
  try {
    // Windows removes no file that is open.
    await write(file).finally(() => file.close())
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}
