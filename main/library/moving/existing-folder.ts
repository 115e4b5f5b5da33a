import { access, constants, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { errno } from '../../files/errno.ts'
import { Problem } from '../../problem.ts'
import { Library } from '../library.ts'
import { ModelsFolder } from '../models-folder.ts'
import { filesOf } from './folder-files.ts'

/** A folder with models in it that can be read. */
export interface ExistingFolder {
  readonly path: string
  /** How many. */
  readonly models: number
  /** Bytes of all files. */
  readonly bytes: number
}

/** Where a models folder lies below what is pointed at: at itself, at `.ollama`, at the home of an Ollama. */
const below = ['', 'models', join('.ollama', 'models')]

/**
 * The models folder that is meant by a folder, or one around it.
 * @param chosen absolute path
 * @throws Problem `no-models-there`, `file-unreadable`
 */
export async function existingFolder(chosen: string): Promise<ExistingFolder> {
  for (const inner of below) {
    const path = join(chosen, inner)
    const bytes = await readableBytes(path)
    const models = bytes > 0 ? (await new Library({ modelsFolder: path }).list()).length : 0
    if (models > 0) return { path, models, bytes }
  }
  throw new Problem('no-models-there', 400, 'there are no models in that folder', chosen)
}

/** Bytes of a models folder's files. @throws Problem `file-unreadable` where one may not be read, or nobody may look */
async function readableBytes(path: string): Promise<number> {
  try {
    // The folder itself is not listed: it may let those through who may not look around in it.
    const files = await filesOf(new ModelsFolder(path))
    for (const file of files) await access(join(path, file.path), constants.R_OK)
    return files.reduce((sum, { size }) => sum + size, 0)
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(errno(error) ?? '')) throw error
    throw new Problem('file-unreadable', 403, 'the models may not be read', String(error))
  }
}

/** Whether two paths lead to one folder. Where a link cannot be followed, only the same path does. */
export async function isSame(one: string, two: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, two].map(path => realpath(path).catch(() => undefined)))
  return one === two || (first !== undefined && first === second)
}
