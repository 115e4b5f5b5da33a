import { bert } from './bert.ts'
import type { Architecture } from './converter.ts'
import { gemma, gemma2 } from './gemma.ts'
import { gemma3 } from './gemma3.ts'
import { llama } from './llama.ts'
import { mistral3, mistral3Text } from './mistral3.ts'
import { phi3 } from './phi3.ts'
import { qwen2, qwen3 } from './qwen.ts'

/** By `architectures[0]` of config.json (upstream convert/convert.go, to which Mistral and Qwen 3 are added). */
export const architectures: Readonly<Record<string, Architecture>> = {
  LlamaForCausalLM: llama,
  MistralForCausalLM: llama,
  Ministral3ForCausalLM: mistral3,
  Mistral3ForConditionalGeneration: mistral3Text,
  Qwen2ForCausalLM: qwen2,
  Qwen3ForCausalLM: qwen3,
  GemmaForCausalLM: gemma,
  Gemma2ForCausalLM: gemma2,
  Gemma3ForCausalLM: gemma3,
  Gemma3ForConditionalGeneration: gemma3,
  Phi3ForCausalLM: phi3,
  BertModel: bert,
}
