import { Problem } from '../../problem.ts'
import { type GenerateRequest, mediaMarker } from '../engine.ts'
import { checkPromptLength, checkTextLength } from '../runner/prompt-length.ts'
import type { MultimodalModel } from './load-multimodal.ts'
import { prepared, refused } from './media/prepare.ts'

/** A prompt that the binding will take: everything that can be wrong with it was looked at. */
export interface PreparedPrompt {
  /** Without the beginning-of-sequence text that the binding puts in front by itself. */
  readonly text: string
  /** Data URLs. */
  readonly media: readonly string[]
  /** Tokens and the places of pictures and sound. */
  readonly length: number
  /** The tokens of its text. */
  readonly tokens: readonly number[]
}

/**
 * The binding can be used no more once a request failed in it, so what it would refuse is found here.
 * @throws Problem 400 or 500 in llama-server's words for media it cannot read or that the model does not take,
 *   `context-too-long` for a prompt that does not fit
 */
export async function preparedPrompt(model: MultimodalModel, request: GenerateRequest): Promise<PreparedPrompt> {
  const { native, info, facts } = model
  const given = request.media ?? []
  const text = await promptText(model, request.prompt)
  checkTextLength(text, info.contextSize)
  const places = text.split(mediaMarker).length - 1
  if (given.length > 0 && places !== given.length) {
    throw new Problem('invalid-request', 400, `the prompt has ${places} places for ${given.length} pictures or sounds`)
  }
  const media: string[] = []
  for (const bytes of given) media.push(await prepared(bytes, info.media))
  if (text === '') checkPromptLength(0, info.contextSize)
  const all = await counted(native, text, media)
  const bos = info.addsBos && facts.bos && media.length === 0 ? [facts.bos.token] : []
  const length = bos.length + all.length
  checkPromptLength(length, info.contextSize)
  return { text, media, length, tokens: [...bos, ...all.filter(token => token >= 0)] }
}

async function promptText(
  { native, info, facts }: MultimodalModel,
  prompt: GenerateRequest['prompt'],
): Promise<string> {
  const text = typeof prompt === 'string' ? prompt : prompt.length > 0 ? await native.detokenize([...prompt]) : ''
  const bos = info.addsBos ? facts.bos?.text : undefined
  return bos && text.startsWith(bos) ? text.slice(bos.length) : text
}

async function counted(native: MultimodalModel['native'], text: string, media: readonly string[]): Promise<Int32Array> {
  try {
    return (await native.tokenize(text, media)).tokens
  } catch (error) {
    throw refused(`it cannot be decoded (${(error as Error).message})`)
  }
}
