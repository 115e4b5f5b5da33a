import { decodeGoJson } from '../../go/json/types.ts'
import { goQuote } from '../../go/text.ts'
import type { Tool } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'
import { toolParameters } from '../ollama/tools.ts'
import { searchesWeb, searchTool } from '../web-search.ts'
import type { AnthropicTool } from './messages-request.ts'

/**
 * A tool as inference wants it.
 * @throws Problem 400 `invalid input_schema for tool "x": …`
 */
export function readTool({ type, name, description, input_schema }: AnthropicTool): Tool {
  if (searchesWeb({ type })) return searchTool
  return {
    type: 'function',
    function: { name, description: description || undefined, parameters: parametersOf(name, input_schema) },
  }
}

function parametersOf(name: string, schema: string | undefined): Tool['function']['parameters'] {
  try {
    return (schema && decodeGoJson(toolParameters, Buffer.from(schema))) || toolParameters.zero()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem('invalid-request', 400, `invalid input_schema for tool ${goQuote(name)}: ${error.message}`)
  }
}
