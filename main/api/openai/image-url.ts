import { decodeBase64 } from '../../go/json/base64.ts'
import { Problem } from '../../problem.ts'

/**
 * The bytes of a picture in a data URL of a JPEG, PNG or WebP, or of no type at all. Nothing is fetched (upstream
 * openai/openai.go, decodeImageURL).
 * @throws Problem 400
 */
export function decodeImageUrl(url: string): Uint8Array {
  if (/^https?:\/\//.test(url)) {
    throw invalid('image URLs are not currently supported, please use base64 encoded data instead')
  }
  const prefix = /^data:(?:image\/(?:jpeg|jpg|png|webp))?;base64,/.exec(url)?.[0]
  if (prefix === undefined) throw invalid('invalid image input')
  try {
    return decodeBase64(url.slice(prefix.length))
  } catch (error) {
    throw error instanceof Problem ? invalid('invalid image input') : error
  }
}

const invalid = (message: string): Problem => new Problem('invalid-request', 400, message)
