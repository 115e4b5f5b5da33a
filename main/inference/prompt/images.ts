import { mediaMarker } from '../../engine/engine.ts'
import { Problem } from '../../problem.ts'
import type { ChatMessage } from '../requests.ts'

export interface WithImages {
  readonly messages: readonly ChatMessage[]
  /** All pictures and sounds, in the order of their numbers. */
  readonly images: readonly Uint8Array[]
}

/** Where a picture goes that the text has no `[img]` for: in front, with a space between it and a word, or behind. */
export type ImagePlace = 'front' | 'apart' | 'back'

/**
 * Writes `[img-N]` into the text for every picture: in place of the next `[img]`, or else at the given end of the
 * message (upstream's Go templates have them in front, its renderers apart, its Jinja path behind; server/prompt.go).
 */
export function placeImages(messages: readonly ChatMessage[], place: ImagePlace): WithImages {
  const images: Uint8Array[] = []
  const placed = messages.map(message => {
    if (!message.images?.length) return message
    let { content } = message
    let tags = ''
    for (const image of message.images) {
      const tag = `[img-${images.length}]`
      images.push(image)
      if (content.includes('[img]')) content = content.replace('[img]', tag)
      else tags += tag
    }
    const gap = place === 'apart' && tags !== '' && /^\S/.test(content) ? ' ' : ''
    return { ...message, content: place === 'back' ? content + tags : tags + gap + content }
  })
  return { messages: placed, images }
}

/** One stretch of a prompt with pictures. */
export type PromptPart = string | Uint8Array

/**
 * Cuts a rendered prompt at its `[img-N]` tags.
 * @throws Problem 400 for a number that no picture has (upstream llm/llama_server.go)
 */
export function splitAtImages(text: string, images: readonly Uint8Array[]): PromptPart[] {
  if (images.length === 0) return [text]
  const parts: PromptPart[] = []
  for (const [index, piece] of text.split(/\[img-(\d+)\]/).entries()) {
    // Every second piece is the number of a tag.
    if (index % 2 === 0) {
      if (piece !== '') parts.push(piece)
      continue
    }
    const image = images[Number(piece)]
    if (!image) throw new Problem('invalid-request', 400, `invalid image index: ${piece}`)
    parts.push(image)
  }
  return parts
}

/**
 * A rendered prompt as the engine takes it: its `[img-N]` tags become the engine's markers, with the files in their
 * order. A marker that somebody wrote is no place for a picture and loses its form.
 * @throws Problem 400 for a number that no picture has
 */
export function withMarkers(text: string, images: readonly Uint8Array[]): { text: string; files: Uint8Array[] } {
  if (images.length === 0) return { text, files: [] }
  const parts = splitAtImages(text, images)
  const pieces = parts.map(part =>
    typeof part === 'string' ? part.replaceAll(mediaMarker, mediaMarker.replaceAll('_', ' ')) : mediaMarker,
  )
  return { text: pieces.join(''), files: parts.filter(part => typeof part !== 'string') }
}
