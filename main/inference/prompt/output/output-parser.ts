import type { ToolCall } from '../../requests.ts'

export interface Parsed {
  readonly content?: string
  readonly thinking?: string
  readonly toolCalls?: readonly ToolCall[]
}

export interface OutputParser {
  push(text: string): Parsed[]
  end(): Parsed[]
}

export function createOutputParser(): OutputParser {
  let thinking: boolean | undefined
  return {
    push: text => {
      if (thinking === undefined && text.includes('<think>')) {
        thinking = true
        return []
      }
      if (thinking && text.includes('</think>')) {
        thinking = false
        return []
      }
      return [thinking ? { thinking: text } : { content: text }]
    },
    end: () => [],
  }
}
