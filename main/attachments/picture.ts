import type { Attachment } from '../../preload/contract.ts'
import { dimensions } from '../media/dimensions.ts'
import { mediaFormat } from '../media/format.ts'
import { Problem } from '../problem.ts'

/** Pixels of the largest picture a window is asked to decode: 64 megapixels are 256 MB of memory. */
const mostPixels = 2 ** 26

export type Picture = Pick<Attachment, 'type' | 'width' | 'height'>

/**
 * What a picture is by its first bytes, whatever its name says, and the size its header claims; nothing is decoded.
 * @param bytes the file, or its beginning as far as its header
 * @throws Problem not-a-picture, broken-picture or picture-too-large
 */
export function pictureOf(bytes: Uint8Array): Picture {
  const format = mediaFormat(bytes)
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp' && format !== 'gif') {
    throw new Problem('not-a-picture', 400, 'the file is no PNG, JPEG, WebP or GIF')
  }
  const size = dimensions(format, bytes)
  if (!size) throw new Problem('broken-picture', 400, 'the picture is damaged or cut off')
  if (size.width * size.height > mostPixels) {
    throw new Problem('picture-too-large', 400, `${size.width} x ${size.height} pixels are too many`)
  }
  return { type: `image/${format}`, ...size }
}
