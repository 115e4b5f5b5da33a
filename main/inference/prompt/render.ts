import { Template } from '@huggingface/jinja'
import type { GgufFacts, Model } from '../../library/model.ts'
import type { ChatRequest, GenerateTextRequest, Think } from '../requests.ts'

export interface RenderedPrompt {
  text: string
  images: readonly Uint8Array[]
}

export async function renderChat(
  model: Model,
  facts: GgufFacts,
  request: ChatRequest,
  think: Think | undefined,
): Promise<RenderedPrompt> {
  const text = new Template(facts.chatTemplate ?? '{{ messages[-1].content }}').render({
    messages: request.messages.map(m => ({ role: m.role, content: m.content })),
    tools: request.tools,
    add_generation_prompt: true,
    bos_token: facts.bosToken ?? '',
    eos_token: facts.eosToken ?? '',
    enable_thinking: Boolean(think),
  })
  return { text, images: [] }
}

export async function renderGenerate(
  model: Model,
  facts: GgufFacts,
  request: GenerateTextRequest,
  think: Think | undefined,
): Promise<RenderedPrompt> {
  return renderChat(model, facts, { ...request, messages: [{ role: 'user', content: request.prompt }] }, think)
}
