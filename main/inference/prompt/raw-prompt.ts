import { withoutBos } from './bos.ts'
import type { RawSource } from './prompt-source.ts'
import type { RenderedPrompt } from './render.ts'
import { endsOf } from './text-pieces.ts'

/**
 * A prompt that goes through no template, and so needs no thread: the way to one and back would be most of the work.
 * @returns of a text that is far too long for the context, its ends
 */
export function rawPrompt({ raw, images, tokens }: RawSource, contextSize: number): RenderedPrompt {
  const text = withoutBos(raw, tokens)
  // Where pictures stand in it, it is not cut.
  return { text: images.length === 0 ? endsOf(text, contextSize) : text, images, messages: 0 }
}
