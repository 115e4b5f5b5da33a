import { extname } from 'node:path'
import type { AttachmentFolder } from '../../attachments/attachment-folder.ts'
import { fileName } from '../../files/file-names.ts'
import { saveAs } from '../../files/save-as.ts'
import type { Availability } from '../availability.ts'
import { folders } from '../folder-rows.ts'
import { notFound } from '../not-found.ts'
import type { RepliesInFlight } from '../replies-in-flight.ts'
import type { StoredConversation } from '../store.ts'
import type { Views } from '../views.ts'
import { jsonOf } from './export-json.ts'
import { hasPictures, markdownFile, markdownZip } from './export-markdown.ts'
import { type ImportResult, importJson } from './import-json.ts'
import type { Progress } from './progress.ts'
import { ChatSource } from './source.ts'
import type { ExportWords } from './words.ts'

export interface TransferOptions {
  readonly availability: Availability
  readonly replies: RepliesInFlight
  readonly views: Views
  readonly attachments: AttachmentFolder
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Messages came in by another way than a reply. */
  readonly imported: () => void
}

export interface ExportRequest {
  /** Null for all chats. */
  readonly conversationId: string | null
  readonly format: 'markdown' | 'json'
  readonly words: ExportWords
}

export interface ExportResult {
  /** Chats of which something could not be read. */
  readonly unreadable: number
}

/**
 * Chats to files and back. Both are long jobs in small steps: each step yields how far it is, and who lets go of the
 * generator ends the job.
 */
export class Transfer {
  /** Paths of the files written since the start. */
  readonly written: ReadonlySet<string>
  readonly #written = new Set<string>()
  readonly #options: TransferOptions

  constructor(options: TransferOptions) {
    this.#options = options
    this.written = this.#written
  }

  /**
   * A name for the file, with its ending: a chat that shows pictures is a zip as Markdown.
   * @throws Problem not-found; what the database throws
   */
  async nameFor({ conversationId, format, words }: ExportRequest): Promise<string> {
    if (conversationId !== null) {
      const chosen = await this.#chosen(conversationId)
      const name = fileName(chosen[0]?.title ?? '', words.untitled)
      if (format === 'json') return `${name}.json`
      return `${name}.${(await hasPictures(await this.#source(chosen, conversationId), conversationId)) ? 'zip' : 'md'}`
    }
    const day = new Date(this.#options.now()).toLocaleDateString('sv-SE')
    return `${words.allChats} ${day}.${format === 'json' ? 'json' : 'zip'}`
  }

  /**
   * Writes one chat or all: as JSON (format.ts), or as Markdown, which is a zip with the pictures for all chats, and
   * for one where the path ends in `.zip`; else it is one file that only names them.
   * @throws Problem not-found, file-unwritable, disk-full; what the database throws
   */
  async *export(request: ExportRequest, path: string): AsyncGenerator<Progress, ExportResult> {
    const { conversationId, format, words } = request
    const chosen = await this.#chosen(conversationId)
    const source = await this.#source(chosen, conversationId)
    const zipped = conversationId === null || extname(path).toLowerCase() === '.zip'
    const markdown = () => (zipped ? markdownZip(source, chosen, words) : markdownFile(source, conversationId, words))
    const pieces = format === 'json' ? jsonOf(source, this.#options.now()) : markdown()
    for await (const _ of saveAs(path, pieces)) yield { done: source.done, total: chosen.length }
    this.#written.add(path)
    return { unreadable: source.unreadable.size }
  }

  /**
   * Adds the chats of a file that was exported as JSON.
   * @throws Problem foreign-file, newer-file, file-unreadable; what the database throws
   */
  async *import(path: string): AsyncGenerator<Progress, ImportResult> {
    const { availability, views, attachments, now, imported } = this.#options
    try {
      return yield* importJson(path, async () => (await availability.ready()).store, attachments, now())
    } finally {
      views.refreshAll()
      imported()
    }
  }

  async #source(chosen: readonly StoredConversation[], conversationId: string | null): Promise<ChatSource> {
    const { availability, replies, attachments } = this.#options
    const { store } = await availability.ready()
    return new ChatSource({
      ids: chosen.map(({ id }) => id),
      folders: folders(store.database).filter(({ id }) => conversationId === null || id === chosen[0]?.folderId),
      store: async () => (await availability.ready()).store,
      current: message => replies.current(message),
      picture: async hash => (await attachments.read(hash))?.bytes,
      hasPicture: hash => attachments.has(hash),
    })
  }

  async #chosen(conversationId: string | null): Promise<StoredConversation[]> {
    const { store } = await this.#options.availability.ready()
    if (conversationId === null) return store.conversations()
    const conversation = store.conversation(conversationId)
    if (!conversation) throw notFound('conversation')
    return [conversation]
  }
}
