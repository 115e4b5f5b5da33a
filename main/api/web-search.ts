import type { Tool, ToolCall } from '../inference/requests.ts'
import { Problem } from '../problem.ts'

/** True for the search of the web that a server of Anthropic or OpenAI runs itself, in any of its versions. */
export const searchesWeb = ({ type }: { readonly type: string }): boolean => type.startsWith('web_search')

/**
 * The search as a model is offered it. Upstream runs it at ollama.com when a model calls it; here it cannot be run, so
 * that a call ends as a search ends that failed.
 */
export const searchTool: Tool = {
  type: 'function',
  function: {
    name: 'web_search',
    description: 'Searches the web, for what is newer than you know or needs to be looked up.',
    parameters: {
      type: 'object',
      required: ['query'],
      properties: { query: { type: 'string', description: 'What to search for' } },
    },
  },
}

/** The first call of the search. */
export const searchCall = (calls: readonly ToolCall[]): ToolCall | undefined =>
  calls.find(call => call.function.name === searchTool.function.name)

/** Upstream's words where the cloud is turned off, as it is here always. */
export const noSearch = (): Problem =>
  new Problem('invalid-request', 403, 'ollama cloud is disabled: web search is unavailable')
