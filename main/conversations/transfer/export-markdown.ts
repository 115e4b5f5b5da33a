import { Readable } from 'node:stream'
import { setImmediate as breath } from 'node:timers/promises'
import { ZipFile } from 'yazl'
import type { Attachment } from '../../../preload/contract.ts'
import { isDocument } from '../../attachments/document.ts'
import { fileName, UniqueNames } from '../../files/file-names.ts'
import { MessageTree } from '../message-tree.ts'
import type { StoredMessage } from '../rows.ts'
import type { StoredConversation } from '../store.ts'
import { markdownOf } from './markdown.ts'
import type { ChatSource } from './source.ts'
import type { ExportWords } from './words.ts'

/** Characters that are written at once. */
const portion = 64 * 1024

/** Folders of the pictures and the documents in a zip. */
const pictureFolder = 'pictures'
const documentFolder = 'documents'

/** Endings of pictures and documents, by their type. */
const endings: Record<Attachment['type'], string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'text/plain': 'txt',
}

/** Whether the shown path of a chat has pictures or documents. */
export async function hasPictures(source: ChatSource, id: string): Promise<boolean> {
  const chat = await shownChat(source, id)
  return chat?.path.some(({ attachments }) => attachments.length > 0) ?? false
}

/**
 * The shown path of one chat as Markdown, a piece at a time; pictures and documents are named. Nothing for one that is
 * gone.
 */
export async function* markdownFile(source: ChatSource, id: string, words: ExportWords): AsyncGenerator<string> {
  const chat = await shownChat(source, id)
  if (chat) yield* pieces(markdownOf(chat.title, chat.path, words))
}

/**
 * A zip with a Markdown file for each chat, in folders as they are in Hearth, and the pictures and documents they
 * show, each once. A chat is read when its turn comes: its pictures, and the next chat, are put in line only then.
 */
export async function* markdownZip(
  source: ChatSource,
  conversations: readonly StoredConversation[],
  words: ExportWords,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const names = new UniqueNames()
  const folders = new Map(source.folders.map(({ id, name }) => [id, fileName(name, words.allChats)]))
  const pictures = new ZippedPictures(source, zip)
  const waiting = conversations.values()
  const addNext = (): void => {
    const { value: conversation } = waiting.next()
    if (!conversation) {
      zip.end()
      return
    }
    const { id, title, folderId, updatedAt } = conversation
    const folder = folderId === null ? undefined : folders.get(folderId)
    const name = fileName(title, words.untitled)
    const path = names.next(folder === undefined ? name : `${folder}/${name}`)
    const mtime = fileTime(updatedAt)
    addLazily(zip, `${path}.md`, mtime, async function* () {
      const chat = await shownChat(source, id)
      const up = folder === undefined ? '' : '../'
      const files = await pictures.add(id, chat?.path ?? [], mtime)
      addNext()
      const pictureAt = (hash: string) => (files.has(hash) ? `${up}${files.get(hash)}` : undefined)
      if (chat) yield* pieces(markdownOf(chat.title, chat.path, words, pictureAt))
    })
  }
  const output = zip.outputStream as Readable
  zip.on('error', error => output.destroy(error))
  addNext()
  yield* output
}

/** The pictures and documents of a zip. */
class ZippedPictures {
  readonly #source: ChatSource
  readonly #zip: ZipFile
  /** Where each lies in the zip, by its hash. */
  readonly #files = new Map<string, string>()

  constructor(source: ChatSource, zip: ZipFile) {
    this.#source = source
    this.#zip = zip
  }

  /** Puts the pictures of a chat in line. @returns where those lie that are there, by their hashes */
  async add(id: string, path: readonly StoredMessage[], mtime: Date): Promise<ReadonlyMap<string, string>> {
    for (const attachment of path.flatMap(({ attachments }) => attachments)) {
      const { hash, type } = attachment
      if (this.#files.has(hash) || !(await this.#source.hasPicture(id, hash))) continue
      const file = `${isDocument(attachment) ? documentFolder : pictureFolder}/${hash}.${endings[type]}`
      this.#files.set(hash, file)
      const source = this.#source
      addLazily(this.#zip, file, mtime, async function* () {
        const bytes = await source.picture(id, hash)
        if (bytes) yield bytes
      })
    }
    return this.#files
  }
}

/** Puts a file in line, which is read when its turn comes. An error there ends the zip: yazl does not look for it. */
function addLazily(zip: ZipFile, path: string, mtime: Date, read: () => AsyncIterable<string | Uint8Array>): void {
  zip.addReadStreamLazy(path, { mtime }, answer => {
    const stream = Readable.from(read(), { objectMode: false })
    stream.on('error', error => zip.emit('error', error))
    answer(null, stream)
  })
}

interface ShownChat {
  readonly title: string
  readonly path: readonly StoredMessage[]
}

/** @returns undefined for one that is gone, or cannot be read */
async function shownChat(source: ChatSource, id: string): Promise<ShownChat | undefined> {
  const conversation = await source.conversation(id)
  if (!conversation) return undefined
  const messages: StoredMessage[] = []
  for await (const slice of source.messages(id)) messages.push(...slice)
  return { title: conversation.title, path: new MessageTree(messages).path(conversation.activeLeaf) }
}

/** Joins small parts into portions, and lets others work between two of them. */
async function* pieces(parts: Iterable<string>): AsyncGenerator<string> {
  let piece = ''
  for (const part of parts) {
    piece += part
    if (piece.length < portion) continue
    yield piece
    piece = ''
    await breath()
  }
  if (piece !== '') yield piece
}

/** What a zip can hold begins with 1980. */
function fileTime(time: number): Date {
  return new Date(Math.min(Math.max(time, Date.UTC(1980, 0, 2)), Date.UTC(2099, 11, 31)))
}
