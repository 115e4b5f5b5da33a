import { Problem } from '../../../problem.ts'

/**
 * The problem of a folder that cannot be converted.
 * @param reason the whole text; upstream's where it has one (upstream convert/)
 */
export function unusable(reason: string): Problem {
  return new Problem('broken-model-file', 500, reason)
}
