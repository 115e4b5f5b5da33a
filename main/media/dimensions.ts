/** Width and height in pixels. */
export interface Dimensions {
  readonly width: number
  readonly height: number
}

/**
 * The size a picture's header claims, read without decoding anything: what a decoder will ask memory for.
 * Undefined where the header is cut off or claims no size.
 */
export function dimensions(format: 'png' | 'jpeg' | 'gif' | 'bmp' | 'webp', bytes: Uint8Array): Dimensions | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const size = readers[format](view)
    return size && size.width > 0 && size.height > 0 ? size : undefined
  } catch (error) {
    // Reading behind the end: the header is cut off.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const readers: Record<Parameters<typeof dimensions>[0], (view: DataView) => Dimensions | undefined> = {
  // The header chunk (IHDR) comes first.
  png: view =>
    view.getUint32(12) === 0x49484452 ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined,
  jpeg: jpegFrame,
  gif: gifCanvas,
  bmp: view =>
    view.getUint32(14, true) === 12
      ? { width: view.getUint16(18, true), height: view.getUint16(20, true) }
      : // A negative height means rows from top to bottom.
        { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) },
  webp: webpCanvas,
}

/** The first frame header (SOF), found by going from segment to segment. */
function jpegFrame(view: DataView): Dimensions | undefined {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    // Padding, restart markers, and others without a length.
    if (marker === 0xff) at += 1
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2
    else if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    else if (marker === 0xd9 || marker === 0xda) return undefined
    else at += 2 + Math.max(2, view.getUint16(at + 2))
  }
}

/** SOF0-SOF15 without the tables between them (DHT, JPG, DAC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** The canvas of the whole animation, in which every frame lies. */
function gifCanvas(view: DataView): Dimensions {
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

/** The canvas (VP8X), a lossless (VP8L) or a lossy (VP8) picture; the format's own documents have the bit fields. */
function webpCanvas(view: DataView): Dimensions | undefined {
  const chunk = String.fromCharCode(...Array.from({ length: 4 }, (_, index) => view.getUint8(12 + index)))
  if (chunk === 'VP8X') return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (chunk !== 'VP8 ') return undefined
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
}
