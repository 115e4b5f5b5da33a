import type { FileHandle } from 'node:fs/promises'

/** What file systems bring to the disk at once, at least. Bytes. */
const pageBytes = 4096
/** Bytes read at once. */
const pieceBytes = 256 * pageBytes
const nothing = Buffer.alloc(pageBytes)

/**
 * Finds bytes that were written and never reached the disk: after a power cut there are zeros in their place, mostly
 * pages of them.
 * @param from place of the first byte to look at
 * @param to of the first one behind
 * @returns a page before the first that has nothing but zeros, as that one may end with the first of them; undefined
 * where
 *   there is none. Models have such pages as well
 */
export async function lostPage(file: FileHandle, from: number, to: number): Promise<number | undefined> {
  const buffer = Buffer.allocUnsafe(pieceBytes)
  for (let at = from; at < to; ) {
    const end = Math.min(to, at - (at % pageBytes) + pieceBytes)
    const { bytesRead } = await file.read(buffer, 0, end - at, at)
    if (bytesRead === 0) return at
    for (let seen = 0; seen < bytesRead; ) {
      const length = Math.min(pageBytes - ((at + seen) % pageBytes), bytesRead - seen)
      if (buffer.compare(nothing, 0, length, seen, seen + length) === 0) {
        return Math.max(from, at + seen - pageBytes)
      }
      seen += length
    }
    at += bytesRead
  }
  return undefined
}
