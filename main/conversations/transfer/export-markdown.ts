import { Readable } from 'node:stream'
import { setImmediate as breath } from 'node:timers/promises'
import { ZipFile } from 'yazl'
import { MessageTree } from '../message-tree.ts'
import type { StoredMessage } from '../rows.ts'
import type { StoredConversation } from '../store.ts'
import { fileName, UniqueNames } from './file-names.ts'
import { markdownOf } from './markdown.ts'
import type { ChatSource } from './source.ts'
import type { ExportWords } from './words.ts'

/** Characters that are written at once. */
const portion = 64 * 1024

/** The shown path of one chat as Markdown, a piece at a time. Nothing for one that is gone. */
export async function* markdownFile(source: ChatSource, id: string, words: ExportWords): AsyncGenerator<string> {
  const conversation = await source.conversation(id)
  if (!conversation) return
  const messages: StoredMessage[] = []
  for await (const slice of source.messages(id)) messages.push(...slice)
  const path = new MessageTree(messages).path(conversation.activeLeaf)
  let piece = ''
  for (const part of markdownOf(conversation.title, path, words)) {
    piece += part
    if (piece.length < portion) continue
    yield piece
    piece = ''
    await breath()
  }
  yield piece
}

/** A zip with a Markdown file for each chat, in folders as they are in Hearth. */
export async function* markdownZip(
  source: ChatSource,
  conversations: readonly StoredConversation[],
  words: ExportWords,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const names = new UniqueNames()
  const folders = new Map(source.folders.map(({ id, name }) => [id, fileName(name, words.allChats)]))
  for (const { id, title, folderId, updatedAt } of conversations) {
    const folder = folderId === null ? undefined : folders.get(folderId)
    const name = fileName(title, words.untitled)
    const path = names.next(folder === undefined ? name : `${folder}/${name}`)
    zip.addReadStreamLazy(`${path}.md`, { mtime: fileTime(updatedAt) }, answer =>
      answer(null, Readable.from(markdownFile(source, id, words), { objectMode: false })),
    )
  }
  const output = zip.outputStream as Readable
  zip.on('error', error => output.destroy(error))
  zip.end()
  yield* output
}

/** What a zip can hold begins with 1980. */
function fileTime(time: number): Date {
  return new Date(Math.min(Math.max(time, Date.UTC(1980, 0, 2)), Date.UTC(2099, 11, 31)))
}
