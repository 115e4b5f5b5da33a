import type { ToolCall } from '../../inference/requests.ts'

/**
 * The blocks that tell of a search of the web which could not be made; with them the answer ends (upstream
 * middleware/anthropic.go, WebSearchAnthropicWriter).
 * @param message id of the message they stand in
 */
export function failedSearch(message: string, call: ToolCall): object[] {
  const id = `srvtoolu_${message.replace(/^msg_/, '')}`
  const { query } = call.function.arguments
  const asked = typeof query === 'string' ? query : ''
  const errorCode = asked === '' ? 'invalid_request' : 'unavailable'
  return [
    { type: 'server_tool_use', id, name: call.function.name, input: { query: asked } },
    {
      type: 'web_search_tool_result',
      tool_use_id: id,
      content: { type: 'web_search_tool_result_error', error_code: errorCode },
    },
  ]
}
