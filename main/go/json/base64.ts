import { Problem } from '../../problem.ts'

/**
 * Standard base64 with padding, line breaks skipped (Go encoding/base64, StdEncoding).
 * @throws Problem 400 `illegal base64 data at input byte N`, N counted as Go counts
 */
export function decodeBase64(text: string): Buffer {
  const plain = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]+/g, '') : text
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) {
    throw new Problem('invalid-request', 400, `illegal base64 data at input byte ${firstFault(Buffer.from(text))}`)
  }
  return Buffer.from(plain, 'base64')
}

const equals = 0x3d

/** Where Go stops: it reads groups of four symbols, and judges padding and what follows it on its own. */
function firstFault(text: Buffer): number {
  const skipBreaks = (at: number): number => {
    let i = at
    while (text[i] === 0x0a || text[i] === 0x0d) i++
    return i
  }
  /** Symbols read of the current group. */
  let group = 0
  for (let i = skipBreaks(0); i < text.length; i = skipBreaks(i + 1)) {
    if (isSymbol(text[i]!)) {
      group = (group + 1) % 4
      continue
    }
    if (text[i] !== equals || group < 2) return i
    let after = skipBreaks(i + 1)
    if (group === 2) {
      if (after >= text.length) return text.length
      if (text[after] !== equals) return after - 1
      after = skipBreaks(after + 1)
    }
    return after
  }
  return text.length - group
}

const isSymbol = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x2b ||
  byte === 0x2f
