import type { Metrics } from '../../inference/requests.ts'
import type { Part } from '../ollama/answer.ts'

/** What every object of one answer carries alike. */
export interface CompletionHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  /** As the request named it. */
  readonly model: string
}

/** An id is one of a thousand, as upstream draws it (middleware/openai.go). */
export function completionHead(prefix: 'chatcmpl' | 'cmpl', model: string): CompletionHead {
  const id = `${prefix}-${Math.floor(Math.random() * 999)}`
  return { id, created: Math.floor(Date.now() / 1000), model }
}

export const fingerprint = 'fp_ollama'

/** Tokens of question and answer. */
export function usageJson(metrics: Metrics | undefined): object {
  const { promptEvalCount = 0, evalCount = 0 } = metrics ?? {}
  return {
    prompt_tokens: promptEvalCount,
    completion_tokens: evalCount,
    total_tokens: promptEvalCount + evalCount,
  }
}

/**
 * Why an answer ended; one that stopped by itself after calling tools says so. A prompt without text, which only loads
 * the model, has stopped as well: OpenAI's clients know no `load`, which upstream tells them.
 */
export function finishReason({ done }: Part, called: boolean): 'stop' | 'length' | 'tool_calls' | null {
  if (done === undefined) return null
  if (done.reason === 'length') return 'length'
  return called ? 'tool_calls' : 'stop'
}
