import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { ifThere } from '../../files/errno.ts'
import { Problem } from '../../problem.ts'

/** Name of the folder that is made in a chosen one that has other things in it. */
const ownFolder = 'hearth-models'

/**
 * Where the models are going to lie: in the chosen folder when it is empty, else in one of our own within it.
 * @param from the folder in use
 * @throws Problem `folder-not-usable` for the folder in use, one in it or around it; `folder-not-empty`
 */
export async function destination(from: string, chosen: string): Promise<string> {
  const to = (await isEmpty(chosen)) ? chosen : join(chosen, ownFolder)
  const [realFrom, realTo] = [await real(from), await real(to)]
  if (holds(realFrom, realTo) || holds(realTo, realFrom)) {
    throw new Problem('folder-not-usable', 400, 'the models folder cannot be moved into itself', to)
  }
  if (!(await isEmpty(to))) throw new Problem('folder-not-empty', 400, 'there are files in that folder', to)
  return to
}

/** @throws Problem `folder-not-usable` for what is no folder */
async function isEmpty(path: string): Promise<boolean> {
  const found = await ifThere(stat(path))
  if (!found) return true
  if (!found.isDirectory()) throw new Problem('folder-not-usable', 400, 'that is no folder', path)
  return (await readdir(path)).length === 0
}

/** A path with all links resolved, also of what is not there yet. */
async function real(path: string): Promise<string> {
  const there = await ifThere(realpath(path))
  if (there !== undefined) return there
  return dirname(path) === path ? path : join(await real(dirname(path)), basename(path))
}

/** Whether a folder is another, or lies in it. */
function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner)
  return way === '' || !(way === '..' || /^\.\.[\\/]/.test(way) || isAbsolute(way))
}
