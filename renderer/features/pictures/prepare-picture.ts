import { attachmentHeadBytes } from '../../../preload/contract-limits.ts'
import { CallProblem, call } from '../../state/bridge.ts'

/** Pixels of the longer side: models see no more than about that (llama.cpp scales down what is larger). */
const longestSide = 2048
/** Bytes of the largest file that is opened. */
const mostFileBytes = 100_000_000
/** With at most that many colours it is a drawing or a screenshot, which PNG keeps sharp. */
const mostPlainColours = 4096
/** Of JPEG, 0 to 1: no loss that a person sees. */
const quality = 0.92

/**
 * A picture as it is kept and sent: upright as its EXIF says, without what else stands there (a camera writes the
 * place), the first picture of an animation, white where it was transparent, as models see nothing through.
 * @throws CallProblem not-a-picture, broken-picture, picture-too-large
 */
export async function preparePicture(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > mostFileBytes) throw refused('picture-too-large')
  const head = new Uint8Array(await file.slice(0, attachmentHeadBytes).arrayBuffer())
  // Before anything decodes it: a header may claim a size that takes all memory.
  await call('attachments.inspect', { head })
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw refused('broken-picture')
  })
  try {
    return await encode(bitmap)
  } finally {
    bitmap.close()
  }
}

async function encode(bitmap: ImageBitmap): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw refused('picture-too-large')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const type = isPlain(new Uint32Array(data.buffer)) ? 'image/png' : 'image/jpeg'
  const blob = await canvas.convertToBlob({ type, quality })
  return new Uint8Array(await blob.arrayBuffer())
}

/** @param pixels one number each. Photographs are told after a few thousand of them. */
export function isPlain(pixels: Uint32Array): boolean {
  const colours = new Set<number>()
  for (const pixel of pixels) {
    colours.add(pixel)
    if (colours.size > mostPlainColours) return false
  }
  return true
}

const refused = (code: string) => new CallProblem({ code, message: `the picture was refused: ${code}` })
