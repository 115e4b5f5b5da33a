/** Control characters that stand in no text. */
const binary = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/

/**
 * The text of a file: UTF-8, UTF-16 where it says so, else what Chinese Windows writes.
 * @returns undefined for what is no text
 */
export function decodedText(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      return binary.test(text) ? undefined : text
    } catch {
      // Not in this one.
    }
  }
  return undefined
}
