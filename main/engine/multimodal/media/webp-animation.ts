/** Flags of an extended WebP's header (VP8X). */
const animated = 0x02
const alpha = 0x10

const headerBytes = 12
const chunkHeaderBytes = 8
/** Of a frame (ANMF), in front of its picture: place, size, duration. */
const frameHeaderBytes = 16

interface Chunk {
  readonly type: string
  readonly content: Buffer
}

/** The chunks of a RIFF file; one that is cut off ends them. */
function* chunks(bytes: Buffer): Generator<Chunk> {
  for (let at = 0; at + chunkHeaderBytes <= bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4)
    const from = at + chunkHeaderBytes
    if (from + size > bytes.length) return
    yield { type: bytes.toString('latin1', at, at + 4), content: bytes.subarray(from, from + size) }
    // Chunks of an odd size are followed by a byte of padding.
    at = from + size + (size % 2)
  }
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(chunkHeaderBytes)
  header.write(type, 'latin1')
  header.writeUInt32LE(content.length, 4)
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)])
}

/**
 * The first picture of an animation as a file of its own, as llama.cpp shows the first of a GIF: a decoder of still
 * pictures does the rest (developers.google.com/speed/webp/docs/riff_container). A still picture comes back as it is;
 * undefined for an animation without a whole first picture.
 */
export function firstPicture(webp: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(webp.buffer, webp.byteOffset, webp.byteLength)
  const [header, ...others] = [...chunks(bytes.subarray(headerBytes))]
  if (header?.type !== 'VP8X' || ((header.content[0] ?? 0) & animated) === 0) return webp
  const frame = others.find(({ type }) => type === 'ANMF')?.content
  if (!frame || frame.length < frameHeaderBytes) return undefined
  const picture = [...chunks(frame.subarray(frameHeaderBytes))].filter(({ type }) => /^(ALPH|VP8[ L])$/.test(type))
  const parts = picture.map(({ type, content }) => chunk(type, content))
  if (picture[0]?.type === 'ALPH') {
    const extended = Buffer.alloc(10)
    extended[0] = alpha
    frame.copy(extended, 4, 6, 12)
    parts.unshift(chunk('VP8X', extended))
  }
  if (parts.length === 0) return undefined
  return Buffer.concat([riff(parts.reduce((sum, part) => sum + part.length, 4)), ...parts])
}

/** @param size of what follows, the four letters of the format included */
function riff(size: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('RIFF', 'latin1')
  header.writeUInt32LE(size, 4)
  header.write('WEBP', 8, 'latin1')
  return header
}
