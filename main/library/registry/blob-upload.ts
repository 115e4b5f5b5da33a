import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { wordsOf } from '../../go/system-error.ts'
import { Problem } from '../../problem.ts'
import type { Layer } from '../manifest.ts'
import { parseModelName } from '../model-name.ts'
import { isPassing, persist } from './persist.ts'
import { RefusedByRegistry, type Repository, redirected } from './repository.ts'
import { type Answer, drop, header, refusal } from './transport.ts'

const mb = 1_000_000
/** Size of the parts a blob is sent in: a sixteenth of it, within these (upstream server/upload.go). Bytes. */
const smallest = 100 * mb
const largest = 1000 * mb
/** Parts sent at once, where the registry hands out a place for each. */
const atOnce = 16
/** Bytes read, counted and hashed at once. */
const pieceBytes = 256 * 1024

interface Part {
  readonly start: number
  readonly end: number
  /** Bytes of it that were handed to the network. */
  sent: number
  /** Raw MD5, known when all of it was sent. */
  md5?: Buffer
}

/** One blob on its way to a registry, in parts (upstream server/upload.go). */
export class BlobUpload {
  readonly #parts: Part[] = []
  /** Whether the registry keeps the bytes of parts itself, as far as is known. */
  #keepsParts = true
  /** What kept the blob's file from being read: no registry's fault, and no try betters it. */
  #unreadable: Problem | undefined

  constructor(
    private readonly repository: Repository,
    private readonly layer: Layer,
    /** Where the blob lies. */
    private readonly path: string,
  ) {
    const size = Math.min(Math.max(Math.ceil(layer.size / 16), smallest), largest)
    for (let start = 0; start < layer.size; start += size) {
      this.#parts.push({ start, end: Math.min(start + size, layer.size), sent: 0 })
    }
  }

  get completed(): number {
    return this.#parts.reduce((sum, part) => sum + part.sent, 0)
  }

  /**
   * Sends the blob, unless the registry has it.
   * @throws Problem in upstream's words, or the signal's reason
   */
  async run(signal: AbortSignal): Promise<void> {
    // A registry that cannot be reached at all is told at once.
    if (await this.#isThere(signal)) return
    let isFirst = true
    const attempt = async () => {
      if (!isFirst && (await orLost(this.#isThere(signal)))) return
      isFirst = false
      await this.#upload(signal)
    }
    const { backoff } = this.repository.options
    await persist(attempt, { signal, backoff, isPassing: error => error instanceof UploadLost })
  }

  async #upload(signal: AbortSignal): Promise<void> {
    let place = await orLost(this.#begin(signal))
    if (!place) return
    const direct = new Set<Promise<void>>()
    const failed = new AbortController()
    const either = AbortSignal.any([signal, failed.signal])
    setMaxListeners(2 * atOnce, either)
    try {
      for (const part of this.#parts) {
        const { next, elsewhere } = await this.#sendPart(part, place, either)
        place = next
        if (!elsewhere) continue
        const sending = this.#sendDirect(part, elsewhere, either).finally(() => direct.delete(sending))
        sending.catch(error => failed.abort(error))
        direct.add(sending)
        if (direct.size === atOnce) await Promise.race(direct)
      }
      await Promise.all(direct)
      await orLost(this.#finish(place, signal))
    } catch (error) {
      failed.abort(error)
      await Promise.allSettled(direct)
      throw signal.aborted ? signal.reason : error
    }
  }

  async #isThere(signal: AbortSignal): Promise<boolean> {
    try {
      const { answer } = await this.repository.call({ method: 'HEAD', to: `blobs/${this.layer.digest}`, signal })
      await drop(answer)
      return true
    } catch (error) {
      if (error instanceof RefusedByRegistry && error.answered === 404) return false
      throw error
    }
  }

  /**
   * Opens an upload.
   * @returns where to send the first part, or undefined when the registry took the blob from another model it has
   */
  async #begin(signal: AbortSignal): Promise<URL | undefined> {
    const { digest, from } = this.layer
    const base = from === undefined ? undefined : parseModelName(from)
    const mount = base && new URLSearchParams({ mount: digest, from: `${base.namespace}/${base.model}` })
    const to = `blobs/uploads/${mount ? `?${mount}` : ''}`
    const headers = { 'content-length': '0' }
    const { answer, url } = await this.repository.call({ method: 'POST', to, headers, signal, follow: false })
    await drop(answer)
    return answer.statusCode === 201 ? undefined : nextPlace(answer, url)
  }

  /** @returns where the next part goes, and where this one has to be sent instead, if so */
  #sendPart(part: Part, place: URL, signal: AbortSignal): Promise<{ next: URL; elsewhere?: URL }> {
    let attempts = 0
    return this.#persist(part, signal, async () => {
      attempts++
      const headers = {
        ...this.#headers(part),
        'content-range': `${part.start}-${part.end - 1}`,
        'x-redirect-uploads': '1',
      }
      const body = () => Readable.from(this.#read(part), { objectMode: false })
      const call = { method: 'PATCH', to: place, headers, body, signal, follow: false, retry: false } as const
      const { answer, url } = await this.repository.call(call).catch(error => {
        // A registry that has the part refuses it and closes while it is still being written: its 404 may go unread.
        const isUnheard = this.#keepsParts && part.sent > 0 && isUnanswered(error)
        throw attempts > 1 && (isLost(error) || isUnheard) ? new UploadLost(error) : error
      })
      await drop(answer)
      const location = header(answer, 'location')
      const elsewhere = answer.statusCode === 307 && location ? redirected(location, url) : undefined
      if (elsewhere) this.#keepsParts = false
      else checkSent(part)
      return { next: nextPlace(answer, url), elsewhere }
    })
  }

  async #sendDirect(part: Part, to: URL, signal: AbortSignal): Promise<void> {
    await this.#persist(part, signal, async () => {
      const { transport } = this.repository.options
      const body = Readable.from(this.#read(part), { objectMode: false })
      const answer = await transport.send({ method: 'PUT', url: to, headers: this.#headers(part), body, signal })
      if (answer.statusCode >= 400) throw new RefusedByRegistry(answer.statusCode, await refusal(answer))
      await drop(answer)
      checkSent(part)
    })
  }

  async #finish(place: URL, signal: AbortSignal): Promise<void> {
    const all = createHash('md5')
    for (const { md5 } of this.#parts) all.update(md5!)
    place.searchParams.append('digest', this.layer.digest)
    place.searchParams.append('etag', `${all.digest('hex')}-${this.#parts.length}`)
    const headers = { 'content-length': '0' }
    const { answer } = await this.repository.call({ method: 'PUT', to: place, headers, signal })
    await drop(answer)
  }

  #headers(part: Part): Record<string, string> {
    return { 'content-type': 'application/octet-stream', 'content-length': String(part.end - part.start) }
  }

  #persist<T>(part: Part, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const readable = () =>
      attempt().catch(error => {
        throw this.#unreadable ?? error
      })
    return persist(readable, {
      signal,
      backoff: this.repository.options.backoff,
      isPassing: error => {
        part.sent = 0
        return isPassing(error)
      },
    })
  }

  async *#read(part: Part): AsyncGenerator<Buffer> {
    const md5 = createHash('md5')
    part.sent = 0
    part.md5 = undefined
    const { start, end } = part
    let unread = end - start
    const file = createReadStream(this.path, { start, end: end - 1, highWaterMark: pieceBytes })
    // What cuts the connection ends this loop, too, and aborts the reading: the file is not to blame for that.
    file.on('error', error => {
      if (error.name !== 'AbortError') this.#cannotRead(error)
    })
    for await (const piece of file) {
      md5.update(piece)
      unread -= piece.length
      // Before the last piece leaves: the registry may answer it while the file is being closed.
      if (unread === 0) part.md5 = md5.digest()
      yield piece
      part.sent += piece.length
    }
    if (unread > 0) throw this.#cannotRead(new Error('the file is shorter than it was'))
  }

  #cannotRead(error: Error): Problem {
    this.#unreadable = new Problem('broken-model-file', 500, `${this.path}: ${wordsOf(error)}`)
    return this.#unreadable
  }
}

/**
 * An answer never came, so it is not known how far the registry is; it takes no byte twice. It is asked anew whether it
 * has the blob, and if not, all is sent anew.
 */
class UploadLost extends Problem {
  constructor(cause: Error) {
    super('registry-refused', 500, cause.message)
  }
}

/** @throws UploadLost where the answer may have been lost, or the registry knows no such upload any more */
function orLost<T>(answer: Promise<T>): Promise<T> {
  return answer.catch(error => {
    throw isLost(error) || isPassing(error) ? new UploadLost(error) : error
  })
}

/** Distribution answers a part that does not begin where the last one ended with 404 BLOB_UPLOAD_INVALID, or 416. */
function isLost(error: unknown): error is RefusedByRegistry {
  return error instanceof RefusedByRegistry && (error.answered === 404 || error.answered === 416)
}

function isUnanswered(error: unknown): boolean {
  return isPassing(error) && !(error instanceof RefusedByRegistry)
}

/** Whoever takes a part before it was sent has not got it. */
function checkSent(part: Part): void {
  if (!part.md5) throw new Problem('registry', 500, 'the registry answered before it had the whole part')
}

function nextPlace(answer: Answer, from: URL): URL {
  const location = header(answer, 'docker-upload-location') ?? header(answer, 'location') ?? ''
  if (location === '') throw new Problem('registry', 500, 'the registry does not tell where to upload to')
  return redirected(location, from)
}
