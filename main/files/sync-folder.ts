import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { errno } from './errno.ts'

/** What folders answer that know no such call: those a virtual machine's host lends (vboxsf), some of the network. */
const unknown = ['EINVAL', 'ENOTSUP', 'EBADF', 'EPERM', 'EACCES']

/**
 * Makes a rename in a folder survive a power cut. Windows opens no folders, and needs no such call; where a file system
 * does not know it, what was done counts as done.
 * @param sync opens the folder, syncs and closes it
 */
export async function syncFolder(path: string, sync = openAndSync): Promise<void> {
  if (process.platform !== 'win32') await sync(path).catch(unlessUnknown)
}

/** The same, for who cannot wait. */
export function syncFolderNow(path: string): void {
  if (process.platform === 'win32') return
  try {
    syncNow(path)
  } catch (error) {
    unlessUnknown(error)
  }
}

/** Brings what a file holds to the disk. */
export function syncNow(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

async function openAndSync(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function unlessUnknown(error: unknown): void {
  if (!unknown.includes(errno(error) ?? '')) throw error
}
