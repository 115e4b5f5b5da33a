/** What a document says, as it is read out of its file. */
export type DocumentContent =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly part: Part | null
      /** Pages among them without a text that can be read: pictures, or broken. */
      readonly mute: number
    }
  /** A scan: no page holds a text, so its pages are pictures. */
  | { readonly kind: 'pages'; readonly pictures: readonly Uint8Array<ArrayBuffer>[]; readonly part: Part | null }

/** How many pages were taken of a document that is longer. */
export interface Part {
  readonly pages: number
  readonly of: number
}

/**
 * unknown: no kind that is read; encrypted: it needs a password; old-word: a .doc as Word wrote it until 2007; broken:
 * it cannot be read, nor be mended; too-slow: it was given up.
 */
export type DocumentTrouble = 'unknown' | 'encrypted' | 'old-word' | 'broken' | 'empty' | 'too-large' | 'too-slow'

/** Why a document was not read. */
export class DocumentProblem extends Error {
  constructor(readonly trouble: DocumentTrouble) {
    super(`the document was not read: ${trouble}`)
  }
}

/** Kinds of documents, told by their first bytes. */
export type DocumentKind = 'pdf' | 'docx' | 'ole'

/** The name of a document with how much of it was taken, for whoever comes upon it later. */
export const partName = (name: string, part: Part | null): string =>
  part ? `${name} (1–${part.pages}/${part.of})` : name

/** Bytes that tell what kind a file is: a PDF may have a line of mail before it begins. */
export const documentHeadBytes = 1024

/**
 * What kind of document a file is: `ole` is what Word kept texts in until 2007, and what it keeps a DOCX with a
 * password in.
 * @param head its first `documentHeadBytes`
 * @returns undefined for none of them
 */
export function documentKind(head: Uint8Array): 'pdf' | 'docx' | 'ole' | undefined {
  const start = latin(head.subarray(0, documentHeadBytes))
  if (start.includes('%PDF-')) return 'pdf'
  if (start.startsWith('PK\u0003\u0004')) return 'docx'
  return start.startsWith('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1') ? 'ole' : undefined
}

/**
 * Why a file of the kind `ole` is not read: it holds a stream of this name when it is encrypted ([MS-OFFCRYPTO] 2.3.2).
 */
export function oleTrouble(bytes: Uint8Array): DocumentTrouble {
  const name = [...'EncryptedPackage'].map(letter => `${letter}\u0000`).join('')
  return latin(bytes).includes(name) ? 'encrypted' : 'old-word'
}

/** A character each byte. */
const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
