import type { FormSource } from '../../preload/contract.ts'
import type { Transcript } from '../conversations/transcript.ts'
import { storable } from '../database/storable.ts'
import { Problem } from '../problem.ts'
import type { FormSession } from './session.ts'
import type { NewRow } from './store.ts'

/** A source as it stands in a row. */
export type RowSource = Pick<NewRow, 'kind' | 'name' | 'text' | 'pictures'>

export type ReadSource = (source: FormSource) => Promise<RowSource>

export interface SourceReader {
  /**
   * What a source says now. Rejects with `picture-missing`, `not-found` or `empty-chat` of a chat, or what its picture
   * is refused for.
   */
  readonly read: ReadSource
  /** What is known of one that cannot be read. */
  readonly unread: ReadSource
}

export function sourceReader(
  { pictures: folder }: Pick<FormSession, 'pictures'>,
  transcript: (conversationId: string) => Promise<Transcript>,
): SourceReader {
  const read: ReadSource = async source => {
    if (source.kind === 'text') {
      return { kind: 'text', name: storable(source.name), text: storable(source.text), pictures: [] }
    }
    if (source.kind === 'document') {
      const file = await folder.read(source.hash)
      if (!file) throw new Problem('picture-missing', 404, 'the document is no longer there')
      // The mark of its file is no part of the text.
      const text = new TextDecoder().decode(file.bytes)
      return { kind: 'text', name: storable(source.name), text, pictures: [] }
    }
    if (source.kind === 'picture') {
      const described = source.pictures.map(async ({ hash, name }) => ({
        ...(await folder.describe(hash)),
        name: storable(name),
      }))
      return { kind: 'picture', name: storable(source.name), text: '', pictures: await Promise.all(described) }
    }
    const { title, text, pictures } = await transcript(source.conversationId)
    if (text === '' && pictures.length === 0) throw new Problem('empty-chat', 400, 'the chat says nothing yet')
    const kept = pictures.map(async ({ name, bytes }) => ({ ...(await folder.add(bytes)), name }))
    return { kind: 'chat', name: title, text, pictures: await Promise.all(kept) }
  }
  const titleOf = (conversationId: string) =>
    transcript(conversationId).then(
      ({ title }) => title,
      () => '',
    )
  const unread: ReadSource = async source => {
    const kind = source.kind === 'document' ? 'text' : source.kind
    const name = source.kind === 'chat' ? await titleOf(source.conversationId) : storable(source.name)
    return { kind, name, text: '', pictures: [] }
  }
  return { read, unread }
}
