/** With at most that many colours it is a drawing or a screenshot, which PNG keeps sharp. */
const mostPlainColours = 4096
/** Of JPEG, 0 to 1: no loss that a person sees. */
const quality = 0.92

/**
 * The file of a picture as it is kept: PNG or JPEG, on white where it was transparent, as models see nothing through.
 * @param longestSide pixels; what is larger is scaled down
 * @returns undefined where there is no memory for it
 */
export async function encodePicture(
  picture: ImageBitmap | OffscreenCanvas,
  longestSide: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height))
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return undefined
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, width, height)
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
