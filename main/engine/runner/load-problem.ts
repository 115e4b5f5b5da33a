import { InsufficientMemoryError } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import { problemInLog } from '../load-log.ts'

/** Why a model could not be loaded, from what the library threw and what llama.cpp logged before. */
export function loadProblem(error: unknown, log: readonly string[]): Problem {
  if (error instanceof Problem) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof InsufficientMemoryError) {
    const details = [message, ...log.slice(-40)].join('\n')
    return new Problem('out-of-memory', 500, 'unable to load model: not enough memory', details)
  }
  return problemInLog(message, log)
}
