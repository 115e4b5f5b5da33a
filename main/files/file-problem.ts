import { asProblem, Problem } from '../problem.ts'

/** An error of the file system, at a file the person has named, as a problem; a full disk is told as one. */
export function fileProblem(error: unknown, code: 'file-unreadable' | 'file-unwritable'): Problem {
  const problem = asProblem(error)
  const ofSystem = typeof (error as NodeJS.ErrnoException)?.syscall === 'string'
  return problem.code === 'internal' && ofSystem ? new Problem(code, 500, problem.message, problem.details) : problem
}
