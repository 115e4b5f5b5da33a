import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../project.ts'

/**
 * The texts of an SPDX expression's licences, for what was published without them: their terms ask that the text goes
 * along all the same.
 *
 * @param holders who holds the rights, as far as the publisher told
 * @returns none for a licence whose text is not in assets/licenses
 */
export function licenceTexts(expression: string, holders: string): string[] {
  return expression
    .split(/\s+(?:AND|OR|WITH)\s+|[()]/)
    .map(id => join(projectFolder, 'assets', 'licenses', `${id.trim()}.txt`))
    .filter(file => existsSync(file))
    .map(file => readFileSync(file, 'utf8').replace('{holders}', holders).trim())
}
