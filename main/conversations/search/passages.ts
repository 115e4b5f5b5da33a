import type { Attachment } from '../../../preload/contract.ts'
import type { AttachmentFolder } from '../../attachments/attachment-folder.ts'

/** Code units of a passage: longer ones hold main up while they are taken in. */
const length = 3_000
/** Code units in which a passage goes on where the next one has begun: more than the longest term. */
const overlap = 300

/** A part of what a document says. */
export interface Passage {
  /** The document's name. */
  readonly name: string
  readonly text: string
}

/** What documents say, in passages, which are always the same; a document that is not there any more has none. */
export async function* passagesOf(
  documents: readonly Pick<Attachment, 'hash' | 'name'>[],
  attachments: Pick<AttachmentFolder, 'read'>,
): AsyncGenerator<Passage> {
  for (const { hash, name } of documents) {
    const file = await attachments.read(hash)
    if (file?.type !== 'text/plain') continue
    const text = new TextDecoder().decode(file.bytes)
    for (let at = 0; at < text.length; at += length) yield { name, text: text.slice(at, at + length + overlap) }
  }
}
