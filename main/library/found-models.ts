import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../files/atomic-file.ts'
import { ifThere } from '../files/errno.ts'
import type { Library } from './library.ts'
import { displayShortest } from './model-name.ts'

const schema = z.array(z.string())

/**
 * The models that were there before Hearth, which are Ollama's. Looked at before anything is installed or pulled, at
 * the first start, and kept in found-models.json from then on.
 * @param home Hearth's own folder
 * @returns their short names; none where a home has begun without the file, or the file is no list
 */
export async function foundModels(library: Pick<Library, 'list'>, home: string): Promise<readonly string[]> {
  const path = join(home, 'found-models.json')
  const text = await ifThere(readFile(path, 'utf8'))
  if (text !== undefined) return listed(text)
  const isFirstStart = (await ifThere(stat(join(home, 'demo-model.json')))) === undefined
  const names = isFirstStart ? (await library.list()).map(({ name }) => displayShortest(name)) : []
  await writeAtomically(path, `${JSON.stringify(names)}\n`)
  return names
}

function listed(text: string): readonly string[] {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return []
  }
}
