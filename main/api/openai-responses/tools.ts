import { decodeGoJson } from '../../go/json/types.ts'
import type { Tool } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { toolParameters } from '../ollama/tools.ts'
import { searchesWeb, searchTool } from '../web-search.ts'
import type { ResponsesTool } from './responses-request.ts'

/**
 * A tool as inference wants it; a namespace is all the functions in it, called `namespace.function` (upstream
 * openai/responses.go, convertTools).
 * @throws Problem 400 for parameters that are no JSON schema
 */
export function readTool(tool: ResponsesTool): Tool[] {
  if (searchesWeb(tool)) return [searchTool]
  if (tool.type !== 'namespace') return [functionTool(tool)]
  return (tool.tools ?? []).flatMap(readTool).map(member => ({
    ...member,
    function: { ...member.function, name: qualified(tool.name, member.function.name) },
  }))
}

function qualified(namespace: string, name: string): string {
  return namespace === '' || name.startsWith(`${namespace}.`) ? name : `${namespace}.${name}`
}

const functionTool = ({ type, name, description, parameters }: ResponsesTool): Tool => ({
  type,
  function: { name, description: description || undefined, parameters: parametersOf(parameters) },
})

function parametersOf(parameters: ResponsesTool['parameters']): Tool['function']['parameters'] {
  if (!parameters) return toolParameters.zero()
  try {
    return decodeGoJson(toolParameters, Buffer.from(JSON.stringify(parameters))) ?? toolParameters.zero()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem('invalid-request', 400, `failed to unmarshal tool parameters: ${error.message}`)
  }
}
