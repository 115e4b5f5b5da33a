import type { FormSource } from '../../../../preload/contract.ts'
import { mostSourceText } from '../../../../preload/contract-limits.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { call, problemFrom } from '../../../state/bridge.ts'
import { problemWords } from '../../../state/problem-words.ts'
import { preparePicture } from '../../pictures/prepare-picture.ts'

/** Bytes of the largest text file that is opened: a character takes up to four. */
const mostFileBytes = mostSourceText * 4

/** A file that was not taken, and why. */
export interface Refusal {
  readonly name: string
  readonly reason: TextKey
}

/**
 * A file as a form is run on it: a picture, or else a text.
 * @returns a refusal for what is neither, in words
 */
export async function readSource(file: File): Promise<FormSource | Refusal> {
  const name = file.name.slice(0, 500)
  try {
    if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') {
      const picture = await call('forms.addPicture', { name, content: await preparePicture(file) })
      return { kind: 'picture', picture: { hash: picture.hash, name: picture.name } }
    }
    if (file.size > mostFileBytes) return { name, reason: 'forms.fileTooLarge' }
    const text = decoded(new Uint8Array(await file.arrayBuffer()))
    if (text === undefined) return { name, reason: 'forms.fileNotText' }
    if (text.trim() === '') return { name, reason: 'forms.fileEmpty' }
    if (text.length > mostSourceText) return { name, reason: 'forms.fileTooLarge' }
    return { kind: 'text', name, text }
  } catch (error) {
    return { name, reason: problemWords(problemFrom(error)).title }
  }
}

export const isRefusal = (read: FormSource | Refusal): read is Refusal => !('kind' in read)

/** Control characters that stand in no text. */
const binary = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/

/**
 * The text of a file: UTF-8, UTF-16 where it says so, else what Chinese Windows writes. @returns undefined for what is
 * no text
 */
export function decoded(bytes: Uint8Array): string | undefined {
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
