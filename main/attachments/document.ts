import type { Attachment } from '../../preload/contract.ts'
import { mostSourceText } from '../../preload/contract-limits.ts'

/**
 * Texts lie among the pictures as UTF-8 behind its mark, which no picture begins with: so a file tells by itself what
 * it is, also one that was imported.
 */
const mark = Uint8Array.of(0xef, 0xbb, 0xbf)

export const isDocument = ({ type }: Pick<Attachment, 'type'>): boolean => type === 'text/plain'

/** What such a file is. */
export const document = { type: 'text/plain', width: 0, height: 0 } as const

export const isDocumentFile = (head: Uint8Array): boolean => mark.every((byte, at) => head[at] === byte)

/** Bytes of the longest text; a character takes up to three, as a pair of surrogates takes four. */
export const mostDocumentBytes = mark.length + 3 * mostSourceText

/** The file of a text. */
export const documentBytes = (text: string): Uint8Array => Buffer.concat([mark, Buffer.from(text)])

/** The text in such a file, as a model reads it: with the name, and its end told. */
export function framedDocument(name: string, bytes: Uint8Array): string {
  return `<file name="${name.replace(/["<>\r\n]/g, ' ')}">\n${new TextDecoder().decode(bytes).trim()}\n</file>`
}
