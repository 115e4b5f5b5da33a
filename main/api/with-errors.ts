import { asProblem, type Problem } from '../problem.ts'
import type { Endpoint } from './endpoint.ts'
import { openAiJson } from './openai/answer.ts'

/** An endpoint whose errors have a shape of their own, that of another API than Ollama's. */
export function withErrors(endpoint: Endpoint, shape: (problem: Problem) => object): Endpoint {
  return async (request, services, parameter) => {
    try {
      return await endpoint(request, services, parameter)
    } catch (error) {
      const problem = asProblem(error)
      return openAiJson(shape(problem), problem.status)
    }
  }
}
