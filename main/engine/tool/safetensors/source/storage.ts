import { open } from 'node:fs/promises'
import { unusable } from '../unusable.ts'

/** Bytes at rest, in a file or in memory, read piece by piece. */
export interface Storage {
  readonly bytes: number
  open(): Promise<OpenStorage>
}

export interface OpenStorage {
  /** Fills the whole of `target` from `position` on. */
  fill(target: Uint8Array, position: number): Promise<void>
  close(): Promise<void>
}

/** A piece of a file that is known to lie within it. */
export function inFile(path: string, start: number, bytes: number): Storage {
  return {
    bytes,
    open: async () => {
      const handle = await open(path)
      return {
        fill: async (target, position) => {
          for (let filled = 0; filled < target.length; ) {
            const at = start + position + filled
            const { bytesRead } = await handle.read(target, filled, target.length - filled, at)
            if (bytesRead === 0) throw unusable('a file became shorter while it was read')
            filled += bytesRead
          }
        },
        close: () => handle.close(),
      }
    },
  }
}

export function inMemory(content: Uint8Array): Storage {
  return {
    bytes: content.length,
    open: async () => ({
      fill: async (target, position) => target.set(content.subarray(position, position + target.length)),
      close: async () => {},
    }),
  }
}

/** Reads all of it; for what is small. */
export async function readAll(storage: Storage): Promise<Uint8Array> {
  const content = new Uint8Array(storage.bytes)
  const opened = await storage.open()
  try {
    await opened.fill(content, 0)
  } finally {
    await opened.close()
  }
  return content
}
