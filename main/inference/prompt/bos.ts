import type { PromptSource } from './prompt-source.ts'

/** The tokenizer's BOS and one from the template would be two (upstream llm/llama_server.go). */
export function withoutBos(text: string, { addsBos, bosToken }: PromptSource['tokens']): string {
  if (!addsBos) return text
  const bos = [bosToken, '<bos>'].find(token => token && text.startsWith(token))
  return bos ? text.slice(bos.length) : text
}
