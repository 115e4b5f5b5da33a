import type { NoticeValues } from '../../preload/contract.ts'
import { asProblem } from '../problem.ts'

/** What the errors of a folder that takes no files are called. */
const notWritable: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])

/**
 * Why the demo model could not be put in place, as the values of the notice `demo-model-missing`.
 * @param folder the models folder, named where the error names no path
 */
export function demoModelTrouble(error: unknown, folder: string): NoticeValues<'demo-model-missing'> {
  const { code, message } = asProblem(error)
  const { code: errno, path } = error as NodeJS.ErrnoException
  const isRefused = notWritable.has(errno) || code === 'models-read-only'
  const reason = isRefused ? 'not-writable' : code === 'disk-full' ? 'disk-full' : 'other'
  return { reason, message, path: path ?? folder }
}
