import { linkAddresses, plainText } from '../../../preload/contract-plain-text.ts'

export interface Searched {
  readonly role: string | null
  readonly content: string | null
  /** Of its pictures and documents, a line each. */
  readonly names: string | null
}

/**
 * What a message is found by: what a person reads of it, as find in the chat has it (questions are drawn as they were
 * written, answers without the marks of their Markdown); then the names of its files, and where the links of an answer
 * lead.
 */
export function searchedText({ role, content, names }: Searched): string {
  const written = content ?? ''
  const parts = role === 'assistant' ? [plainText(written), names, linkAddresses(written)] : [written, names]
  return parts.filter(Boolean).join('\n')
}
