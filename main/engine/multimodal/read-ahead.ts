import { type FileHandle, open, stat } from 'node:fs/promises'

/** Bytes looked at in each block to tell whether it has to be read, and bytes of a block. */
const sample = 2 ** 20
const block = 64 * sample

/** Bytes a second above which a block is in memory already, or on a disk that nobody has to wait for. */
const fast = 1e9

/** The smallest step that is worth a message. */
const step = 0.005

/**
 * Brings files into the system's cache. The binding then reads them in one go, during which nothing can tell how far it
 * is: a slow disk would look like one that hangs.
 * @param onProgress fraction of all bytes, 0..1
 */
export async function readAhead(paths: readonly string[], onProgress: (fraction: number) => void): Promise<void> {
  const sizes = await Promise.all(paths.map(async path => (await stat(path)).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let passed = 0
  let told = 0
  const tell = (bytes: number) => {
    if (bytes < total && bytes - told < total * step) return
    told = bytes
    onProgress(bytes / total)
  }
  for (const [index, path] of paths.entries()) {
    const file = await open(path)
    try {
      await readFile(file, sizes[index]!, at => tell(passed + at))
    } finally {
      await file.close()
    }
    passed += sizes[index]!
  }
}

async function readFile(file: FileHandle, size: number, onBytes: (at: number) => void): Promise<void> {
  const buffer = Buffer.allocUnsafe(sample)
  for (let at = 0; at < size; at += block) {
    const end = Math.min(size, at + block)
    const startedAt = performance.now()
    const { bytesRead } = await file.read(buffer, 0, sample, at)
    const isSlow = (bytesRead / (performance.now() - startedAt)) * 1000 < fast
    for (let next = at + sample; isSlow && next < end; next += sample) {
      await file.read(buffer, 0, sample, next)
      onBytes(next)
    }
    onBytes(end)
  }
}
