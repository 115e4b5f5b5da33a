import type { ChatMessage } from '../inference/requests.ts'
import type { StoredMessage } from './rows.ts'

/**
 * What the model gets to read: the messages of the path in order. Left out are replies that failed or hold no text, and
 * the thinking of all replies, which models are not trained to see again. What then stands in a row from one side is
 * joined, as templates that demand turns refuse it otherwise (as upstream template/template.go does for its templates).
 * @param system comes before them all
 */
export function historyOf(path: readonly StoredMessage[], system = ''): ChatMessage[] {
  const history: { role: string; content: string }[] = system.trim() === '' ? [] : [{ role: 'system', content: system }]
  for (const { role, content, state } of path) {
    if (role === 'assistant' && (state === 'failed' || content.trim() === '')) continue
    const before = history.at(-1)
    if (before?.role === role) before.content += `\n\n${content}`
    else history.push({ role, content })
  }
  return history
}
