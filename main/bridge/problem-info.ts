import type { ProblemInfo } from '../../preload/contract.ts'
import type { Problem } from '../problem.ts'

/** A problem as it crosses to the window. */
export function problemInfo(problem: Problem): ProblemInfo {
  const { code, message, details } = problem
  return details === undefined ? { code, message } : { code, message, details }
}
