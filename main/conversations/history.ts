import type { Attachment } from '../../preload/contract.ts'
import type { ChatMessage } from '../inference/requests.ts'
import type { StoredMessage } from './rows.ts'

/**
 * What the model gets to read: the messages of the path in order. Left out are replies that failed or hold no text, and
 * the thinking of all replies, which models are not trained to see again. What then stands in a row from one side is
 * joined, as templates that demand turns refuse it otherwise (as upstream template/template.go does for its templates).
 * @param system comes before them all
 * @param pictures bytes by hash; a picture that is not among them is left out
 */
export function historyOf(path: readonly StoredMessage[], system = '', pictures: Pictures = new Map()): ChatMessage[] {
  const history: Turn[] = system.trim() === '' ? [] : [{ role: 'system', content: system }]
  for (const { role, content, state, attachments } of path) {
    if (role === 'assistant' && (state === 'failed' || content.trim() === '')) continue
    const images = attachments.flatMap(({ hash }) => pictures.get(hash) ?? [])
    const before = history.at(-1)
    if (before?.role === role) {
      before.content += `\n\n${content}`
      if (images.length > 0) before.images = [...(before.images ?? []), ...images]
    } else history.push({ role, content, ...(images.length > 0 ? { images } : {}) })
  }
  return history
}

type Pictures = ReadonlyMap<Attachment['hash'], Uint8Array>

interface Turn {
  readonly role: string
  content: string
  images?: Uint8Array[]
}
