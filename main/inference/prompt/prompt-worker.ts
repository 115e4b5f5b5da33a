import { serveJobs } from '../../threads/job-port.ts'
import { Assembly } from '../../threads/portions.ts'
import { detectTemplate } from './known-templates.ts'
import type { PromptSource } from './prompt-source.ts'
import { renderPrompt } from './render.ts'
import { countTokens, endsOf } from './text-pieces.ts'
import type { FromPromptThread, PromptJob, ToPromptThread } from './thread-messages.ts'

/** The thread that renders prompts. What it makes them of comes in portions; main counts tokens for it. */

interface Prompt {
  readonly assembly: Assembly
  /** Goes on with the rendering that waits for a count. */
  counted?: (tokens: number) => void
}

const prompts = new Map<number, Prompt>()

serveJobs<ToPromptThread, FromPromptThread>(async (number, message, tell) => {
  if (message.type === 'portion') {
    const prompt = prompts.get(number) ?? { assembly: new Assembly() }
    prompts.set(number, prompt)
    prompt.assembly.add(message.portion)
    return
  }
  if (message.type === 'detect') return tell({ type: 'detected', template: detectTemplate(message.facts) })
  const prompt = prompts.get(number)!
  if (message.type === 'counted') return prompt.counted?.(message.tokens)
  if (message.type === 'drop') return void prompts.delete(number)
  try {
    const { source, contextSize, room } = prompt.assembly.value as PromptJob
    const pictures = picturesOf(source)
    const ask = (text: string) =>
      new Promise<number>(resolve => {
        prompt.counted = resolve
        tell({ type: 'count', text })
      })
    const { text, images, messages } = await renderPrompt(source, {
      room: room && { ...room, contextSize, countTokens: text => countTokens(text, contextSize, ask) },
    })
    tell({
      type: 'rendered',
      text: images.length === 0 ? endsOf(text, contextSize) : text,
      images: images.map(image => pictures.get(image)!),
      messages,
    })
  } finally {
    prompts.delete(number)
  }
})

/** The numbers of a source's pictures, as they are counted through all messages. */
function picturesOf({ content }: PromptSource): ReadonlyMap<Uint8Array, number> {
  if (content.kind === 'gap') return new Map()
  const images = content.messages.flatMap(message => message.images ?? [])
  return new Map(images.map((image, index) => [image, index]))
}
