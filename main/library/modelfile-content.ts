import { open } from 'node:fs/promises'

/** Bytes Go's net/http looks at. */
const sniffed = 512

/** What the files of a model are told apart by, a part of what Go's http.DetectContentType tells. */
export type ContentType = 'text/plain' | 'application/zip' | 'application/octet-stream'

/** @throws as `open` and `read` of node:fs */
export async function contentTypeOf(path: string): Promise<ContentType> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(sniffed), 0, sniffed, 0)
    const bytes = buffer.subarray(0, bytesRead)
    if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return 'application/zip'
    return hasMark(bytes) || !bytes.some(isBinary) ? 'text/plain' : 'application/octet-stream'
  } finally {
    await file.close()
  }
}

/** A byte order mark says text, whatever follows. */
function hasMark(bytes: Buffer): boolean {
  return ['efbbbf', 'feff', 'fffe'].some(mark => bytes.toString('hex', 0, mark.length / 2) === mark)
}

/** Bytes that no text has (https://mimesniff.spec.whatwg.org, binary data byte). */
function isBinary(byte: number): boolean {
  return byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f)
}
