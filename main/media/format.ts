/** What a file of pictures or sound is, by its first bytes. */
export type MediaFormat = 'png' | 'jpeg' | 'gif' | 'bmp' | 'webp' | 'wav' | 'mp3' | 'flac'

const sounds: ReadonlySet<MediaFormat> = new Set<MediaFormat>(['wav', 'mp3', 'flac'])

/** Undefined for anything else, which must not reach llama.cpp: it would start ffmpeg on it, taking it for a film. */
export function mediaFormat(bytes: Uint8Array): MediaFormat | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif'
  if (head.startsWith('BM')) return 'bmp'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp'
  if (head.startsWith('RIFF') && head.startsWith('WAVE', 8)) return 'wav'
  if (head.startsWith('fLaC')) return 'flac'
  if (head.startsWith('ID3')) return 'mp3'
  // The sync word of an MPEG frame: eleven bits set (llama.cpp, mtmd-helper.cpp).
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0) return 'mp3'
  return undefined
}

export function isSound(format: MediaFormat): boolean {
  return sounds.has(format)
}
