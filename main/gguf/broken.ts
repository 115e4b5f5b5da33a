import { Problem } from '../problem.ts'

/**
 * The problem of a model file that cannot be what it claims.
 * @param reason what is wrong, as a sentence's end: "the file is cut off inside its header"
 */
export function brokenModelFile(reason: string): Problem {
  return new Problem('broken-model-file', 500, `broken model file: ${reason}`)
}
