import { decodeBase64 } from '../../go/json/base64.ts'
import { Problem } from '../../problem.ts'
import { decodeImageUrl } from './image-url.ts'

/** A part of a message: a text, or a picture or sound without one. */
export interface ContentPart {
  readonly content: string
  readonly images?: readonly Uint8Array[]
}

/**
 * The parts of a message's content: texts, pictures as data URLs, sound as base64.
 * @throws Problem 400 in upstream's words (openai/openai.go, FromChatRequest)
 */
export function contentParts(parts: readonly unknown[]): ContentPart[] {
  return parts.map(part => {
    if (!isMap(part)) throw malformed()
    switch (part.type) {
      case 'text':
        return { content: text(part.text) }
      case 'image_url':
        return {
          content: '',
          images: [decodeImageUrl(text(isMap(part.image_url) ? part.image_url.url : part.image_url))],
        }
      case 'input_audio':
        if (!isMap(part.input_audio)) throw malformed()
        return { content: '', images: [sound(text(part.input_audio.data))] }
      default:
        throw malformed()
    }
  })
}

function sound(base64: string): Uint8Array {
  try {
    return decodeBase64(base64)
  } catch (error) {
    throw error instanceof Problem ? malformed() : error
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw malformed()
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const malformed = (): Problem => new Problem('invalid-request', 400, 'invalid message format')
