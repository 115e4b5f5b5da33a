import type { FileSource } from '../../../../preload/contract.ts'
import { longest } from '../../../../preload/contract-limits.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { call, problemFrom } from '../../../state/bridge.ts'
import { problemWords } from '../../../state/problem-words.ts'
import { DocumentProblem, partName } from '../../documents/document.ts'
import { documentWords } from '../../documents/document-words.ts'
import { readDocument } from '../../documents/read-document.ts'
import { isPicture, preparePicture } from '../../pictures/prepare-picture.ts'

/** A file that was taken, and what a person should know of it. */
export interface TakenFile {
  readonly source: FileSource
  readonly remarks: readonly Remark[]
}

/** Something to say of a file beside its name. */
export interface Remark {
  readonly text: TextKey
  readonly values: { readonly pages?: number; readonly of?: number }
}

/** A file that was not taken, and why. */
export interface Refusal {
  readonly name: string
  readonly reason: TextKey
}

/**
 * A file as a form is run on it: a picture, or what a document says.
 * @returns a refusal for what is neither, in words
 */
export async function readSource(file: File): Promise<TakenFile | Refusal> {
  const name = file.name.slice(0, longest.fileName - longest.partName)
  try {
    if (await isPicture(file)) {
      const picture = await addPicture(name, await preparePicture(file))
      return { source: { kind: 'picture', name, pictures: [picture] }, remarks: [] }
    }
    return await documentSource(name, file)
  } catch (error) {
    const reason =
      error instanceof DocumentProblem ? documentWords[error.trouble] : problemWords(problemFrom(error)).title
    return { name, reason }
  }
}

export const isRefusal = (read: TakenFile | Refusal): read is Refusal => !('source' in read)

async function documentSource(name: string, file: File): Promise<TakenFile> {
  const content = await readDocument(file)
  const { part } = content
  const partly: Remark[] = part ? [{ text: 'forms.partTaken', values: { ...part } }] : []
  if (content.kind === 'text') {
    const { text, mute } = content
    const silent: Remark[] =
      mute > 0 ? [{ text: mute === 1 ? 'forms.mutePage' : 'forms.mutePages', values: { pages: mute } }] : []
    const { hash } = await call('forms.addText', { text })
    return { source: { kind: 'document', name: partName(name, part), hash }, remarks: [...partly, ...silent] }
  }
  const pictures = []
  for (const [index, page] of content.pictures.entries()) pictures.push(await addPicture(`${name} ${index + 1}`, page))
  const source = { kind: 'picture' as const, name: partName(name, part), pictures }
  return { source, remarks: [{ text: 'forms.scanTaken', values: {} }, ...partly] }
}

async function addPicture(name: string, content: Uint8Array<ArrayBuffer>) {
  const { hash } = await call('forms.addPicture', { name, content })
  return { hash, name }
}
