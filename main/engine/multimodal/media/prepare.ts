import { dimensions } from '../../../media/dimensions.ts'
import { isSound, type MediaFormat, mediaFormat } from '../../../media/format.ts'
import { Problem } from '../../../problem.ts'
import type { ModelInfo } from '../../engine.ts'
import { bmp } from './bmp.ts'
import { pngDefect } from './png-data.ts'
import { firstPicture } from './webp-animation.ts'

/** Pixels of the largest picture taken: 108 megapixel cameras fit, and it decodes to 400 MB. */
const mostPixels = 2 ** 27

/** Every format has a longer header; llama.cpp takes what is shorter for a film. */
const fewestBytes = 12

/**
 * A picture or sound as the binding takes it, a data URL, after a look at its header: nothing is decoded that is not
 * what it says, or that would need more memory than any picture should.
 * @throws Problem 400 for what is no picture or sound, 500 for what this model does not take in
 */
export async function prepared(bytes: Uint8Array, media: NonNullable<ModelInfo['media']>): Promise<string> {
  if (bytes.length === 0) throw refused('the file is empty')
  const format = mediaFormat(bytes)
  if (!format) throw refused('it is neither a picture nor a sound in a format known here')
  if (isSound(format) ? !media.audio : !media.vision) throw unsupported(isSound(format) ? 'audio' : 'image')
  if (bytes.length < fewestBytes) throw refused('the file is cut off')
  if (isSound(format)) return dataUrl('audio', format, bytes)
  return picture(format as Parameters<typeof dimensions>[0], bytes)
}

/** llama-server's words (server-common.cpp) for a model that lacks the encoder. */
function unsupported(kind: 'image' | 'audio'): Problem {
  const text = `${kind} input is not supported - hint: if this is unexpected, you may need to provide the mmproj`
  return new Problem('capability-missing', 500, text)
}

/** llama-server's words (server-common.cpp), with the reason. */
export function refused(why: string): Problem {
  return new Problem('invalid-request', 400, `Failed to load image or audio file: ${why}`)
}

async function picture(format: Exclude<MediaFormat, 'wav' | 'mp3' | 'flac'>, bytes: Uint8Array): Promise<string> {
  const size = dimensions(format, bytes)
  if (!size) throw refused('the file is damaged or cut off')
  if (size.width * size.height > mostPixels) {
    throw refused(`a picture of ${size.width} x ${size.height} pixels is too large`)
  }
  if (format === 'webp') return dataUrl('image', 'bmp', await fromWebp(bytes))
  const defect = format === 'png' ? pngDefect(bytes, size) : undefined
  if (defect) throw refused(defect)
  return dataUrl('image', format, bytes)
}

/** stb_image, which the binding decodes with, does not know WebP. */
async function fromWebp(bytes: Uint8Array): Promise<Buffer> {
  const { decode } = await import('@cwasm/webp')
  const still = firstPicture(bytes)
  if (!still) throw refused('the WebP cannot be decoded (its animation has no picture)')
  try {
    const { width, height, data } = decode(still)
    return bmp(width, height, data)
  } catch (error) {
    throw refused(`the WebP cannot be decoded (${(error as Error).message})`)
  }
}

function dataUrl(kind: 'image' | 'audio', format: string, bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return `data:${kind}/${format};base64,${base64}`
}
