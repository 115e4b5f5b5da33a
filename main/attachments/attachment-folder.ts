import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attachment } from '../../preload/contract.ts'
import { attachmentHeadBytes } from '../../preload/contract-limits.ts'
import { Problem } from '../problem.ts'
import { document, documentBytes, isDocumentFile, mostDocumentBytes } from './document.ts'
import { pictureOf } from './picture.ts'

/** A stored picture or text without the name it had where it came from, which is its question's. */
export type StoredAttachment = Omit<Attachment, 'name'>

/** What a file is by its first bytes. */
type Contents = Pick<Attachment, 'type' | 'width' | 'height'>

/**
 * Pictures and texts on disk, each once, under the SHA-256 of its bytes. A file's time says when it was last attached:
 * what no message refers to is kept for a while, as it may stand in a question that is still being written.
 */
export class AttachmentFolder {
  readonly #path: string
  /** Distinguishes files in the making, also of other processes. */
  #made = 0

  /** @param home the folder attachments/ lies in; it is made with the first file */
  constructor(home: string) {
    this.#path = join(home, 'attachments')
  }

  /**
   * Puts a picture on disk, unless it is there.
   * @throws Problem not-a-picture, broken-picture or picture-too-large; what the file system says
   */
  async add(bytes: Uint8Array): Promise<StoredAttachment> {
    return this.#keep(bytes, pictureOf(bytes))
  }

  /** The same for what a document says. @throws what the file system says */
  async addText(text: string): Promise<StoredAttachment> {
    return this.#keep(documentBytes(text), document)
  }

  /** The same for a file that was once kept here, of either kind. @throws Problem as `add` */
  async addAgain(bytes: Uint8Array): Promise<StoredAttachment> {
    const tooLarge = isDocumentFile(bytes) && bytes.length > mostDocumentBytes
    if (tooLarge)
      throw new Problem('picture-too-large', 400, `${bytes.length} bytes are more than ${mostDocumentBytes}`)
    return this.#keep(bytes, contentsOf(bytes))
  }

  async #keep(bytes: Uint8Array, contents: Contents): Promise<StoredAttachment> {
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (!(await this.#touch(hash, bytes.length))) await this.#write(hash, bytes)
    return { hash, ...contents, bytes: bytes.length }
  }

  /** What a stored file is. @throws Problem picture-missing when it is not there, or neither of both any more */
  async describe(hash: string): Promise<StoredAttachment> {
    let file: FileHandle | undefined
    try {
      file = await open(this.#file(hash), 'r')
      const { size } = await file.stat()
      const head = Buffer.alloc(Math.min(size, attachmentHeadBytes))
      await file.read(head, 0, head.length, 0)
      const now = new Date()
      await file.utimes(now, now)
      return { hash, ...contentsOf(head), bytes: size }
    } catch (error) {
      throw new Problem('picture-missing', 404, 'the picture is no longer there', String(error))
    } finally {
      await file?.close()
    }
  }

  /** @returns undefined for one that is not there, or cannot be read */
  async read(hash: string): Promise<{ type: Attachment['type']; bytes: Uint8Array<ArrayBuffer> } | undefined> {
    if (!isHash(hash)) return undefined
    try {
      const bytes = await readFile(this.#file(hash))
      return { type: contentsOf(bytes).type, bytes }
    } catch {
      // Taken away or damaged behind the app's back: whoever wanted to show it says that it is not there.
      return undefined
    }
  }

  /** Whether a file is there, and what it was: `read` will give it. Only its header is read. */
  async has(hash: string): Promise<boolean> {
    if (!isHash(hash)) return false
    try {
      contentsOf(await this.#head(hash))
      return true
    } catch {
      // As in `read`.
      return false
    }
  }

  /** Removes a file; one that is not there is removed. */
  async remove(hash: string): Promise<void> {
    if (isHash(hash)) await rm(this.#file(hash), { force: true })
  }

  /**
   * Removes what nothing refers to and was last attached before a time, files in the making included.
   * @param before milliseconds since 1970
   */
  async sweep(referenced: ReadonlySet<string>, before: number): Promise<void> {
    const names = await readdir(this.#path).catch(() => [])
    for (const name of names) {
      if (referenced.has(name) || !isHash(name.split('.')[0] ?? '')) continue
      const path = join(this.#path, name)
      const { mtimeMs } = await stat(path)
      if (mtimeMs < before) await rm(path, { force: true })
    }
  }

  /** The first bytes of a file, enough to tell what it is. @throws the file system's error */
  async #head(hash: string): Promise<Uint8Array> {
    const file = await open(this.#file(hash), 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(attachmentHeadBytes), 0, attachmentHeadBytes, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }

  /** Whether a file of that length is there; it counts as attached anew. A write that was cut off has no such name. */
  async #touch(hash: string, length: number): Promise<boolean> {
    try {
      const { size } = await stat(this.#file(hash))
      const now = new Date()
      await utimes(this.#file(hash), now, now)
      return size === length
    } catch {
      return false
    }
  }

  /** Whole and on disk before it gets its name. */
  async #write(hash: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 })
    this.#made += 1
    const making = `${this.#file(hash)}.${process.pid}-${this.#made}`
    try {
      const file = await open(making, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(making, this.#file(hash))
    } catch (error) {
      await rm(making, { force: true })
      throw error
    }
  }

  #file(hash: string): string {
    return join(this.#path, hash)
  }
}

/** What a file is, by its first bytes. @throws Problem as `pictureOf` */
const contentsOf = (head: Uint8Array): Contents => (isDocumentFile(head) ? document : pictureOf(head))

/** Nothing else is ever a path here. */
const isHash = (name: string) => /^[0-9a-f]{64}$/.test(name)
