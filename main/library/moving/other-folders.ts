import { join } from 'node:path'
import type * as contract from '../../../preload/contract.ts'
import { Problem } from '../../problem.ts'
import { ModelsFolder } from '../models-folder.ts'
import { existingFolder, isSame } from './existing-folder.ts'

/** A folder with models that is not in use. */
export type OtherFolder = Readonly<contract.OtherFolder>

/**
 * The homes of Ollamas as a rule: the person's own, and on Linux that of the service, which runs as a user of its own
 * (upstream scripts/install.sh gives it /usr/share/ollama; the others are those of distributions and of the snap).
 */
export function usualHomes(platform: NodeJS.Platform, userHome: string): string[] {
  const own = join(userHome, '.ollama')
  return platform === 'linux' ? [own, '/usr/share/ollama', '/var/lib/ollama', '/var/snap/ollama/common'] : [own]
}

/** What lies in these that is not in use: folders with models, and those that may not be looked into. */
export async function otherFolders(inUse: string, homes: readonly string[]): Promise<OtherFolder[]> {
  const folders = await Promise.all(homes.map(looked))
  const kept: OtherFolder[] = []
  for (const folder of folders) if (folder && !(await isSame(folder.path, inUse))) kept.push(folder)
  return kept
}

/** @returns undefined for what holds no models, or is not there */
async function looked(home: string): Promise<OtherFolder | undefined> {
  try {
    const folder = await existingFolder(home)
    return { ...folder, access: new ModelsFolder(folder.path).isWritable ? 'all' : 'read' }
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'file-unreadable')) return undefined
    return { path: home, access: 'none', models: 0, bytes: 0 }
  }
}
