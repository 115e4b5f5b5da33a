import { writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import { buildConnector, type Dispatcher } from 'undici'
import { serveJobs } from '../../threads/job-port.ts'
import { MAX_ERROR_BYTES, registryAgent } from './agent.ts'
import type { Destination, ReceiveAnswer, ReceivedAnswer, ReceiveOrder, ReceiverSettings } from './receiver.ts'

/**
 * The thread that receives blobs (see receiver.ts). What comes is written at once, by calls that wait: the thread has
 * nothing else to do, and nothing piles up in memory while a disk is slow.
 */

/** Bytes read from a connection at once, at most. */
const READ = 512 * 1024
/** Reads shorter than this are copied: the parser keeps pieces of a head, which has 16 KiB at most, until its end. */
const COPIED = 64 * 1024
/** How many more bytes are told at once, so that whoever hashes follows closely. */
const TOLD_EVERY = 4 * 1024 * 1024
/** And after how long at the latest, on a slow connection. Milliseconds. */
const TOLD_AFTER = 250

const { stall } = workerData as ReceiverSettings
const secure = buildConnector({ timeout: stall })

/**
 * Over plain HTTP a connection reads into one buffer of its own, again and again, rather than into a new one of 64 KiB
 * each time. What was read is with the handler below before the next read begins, as nothing pauses here.
 */
const agent = registryAgent(stall, (options, callback) => {
  if (options.protocol === 'https:') return secure(options, callback)
  const onread = {
    buffer: Buffer.allocUnsafe(READ),
    callback(this: Socket, length: number, buffer: Uint8Array): boolean {
      const read = buffer.subarray(0, length)
      this.push(length < COPIED ? Buffer.from(read) : read)
      return true
    },
  }
  return buildConnector({ timeout: stall, onread })(options, callback)
})

const receptions = new Map<number, Reception>()

/** One request, and the file its bytes go to. */
class Reception implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined
  #isWriting = false
  #received = 0
  #told = 0
  #toldAt = performance.now()
  #head: Omit<ReceivedAnswer, 'said'> | undefined
  readonly #said: Buffer[] = []
  #room = MAX_ERROR_BYTES
  #isOver = false

  constructor(
    private readonly into: Destination,
    private readonly tell: (answer: ReceiveAnswer) => void,
  ) {}

  cancel(): void {
    this.#fail(new Error('canceled'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) this.#stop()
  }

  onResponseStart(_: unknown, statusCode: number, headers: ReceivedAnswer['headers']): void {
    // 1xx: the answer proper follows.
    if (statusCode < 200) return
    this.#head = { statusCode, headers }
    if (this.#has(statusCode, headers['content-range'])) {
      this.#isWriting = true
      this.tell({ started: true })
    } else if (statusCode < 300) {
      // Other bytes than those that were asked for, as many as there may be.
      this.#finish()
    }
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#guarded(() => {
      if (this.#isOver) return
      if (this.#isWriting) this.#write(chunk)
      else this.#hear(chunk)
    })
  }

  onResponseEnd(): void {
    this.#finish()
  }

  onResponseError(_: unknown, error: Error): void {
    // All that was wanted came before.
    if (this.#received === this.into.length) this.#finish()
    else this.#fail(error)
  }

  /** A server that knows no ranges sends all of a blob. */
  #has(statusCode: number, range: string | string[] | undefined): boolean {
    const { at, length, total } = this.into
    if (statusCode === 206) return Number(/^bytes (\d+)-/.exec(String(range))?.[1]) === at
    return statusCode === 200 && at === 0 && length === total
  }

  #write(chunk: Buffer): void {
    const { file, at, length } = this.into
    const wanted = Math.min(chunk.length, length - this.#received)
    for (let written = 0; written < wanted; ) {
      // A disk that is filling up takes a part; writing the rest gives the reason.
      const bytes = writeSync(file, chunk, written, wanted - written, at + this.#received)
      written += bytes
      this.#received += bytes
    }
    // An end of its own leaves the connection for the next request.
    if (wanted < chunk.length) this.#finish()
    else if (this.#received - this.#told >= TOLD_EVERY || performance.now() - this.#toldAt >= TOLD_AFTER) {
      this.#tellReceived()
    }
  }

  #hear(chunk: Buffer): void {
    const piece = Buffer.from(chunk.subarray(0, this.#room))
    this.#said.push(piece)
    this.#room -= piece.length
    if (this.#room === 0) this.#finish()
  }

  #tellReceived(): void {
    this.#told = this.#received
    this.#toldAt = performance.now()
    this.tell({ received: this.#received })
  }

  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #finish(): void {
    if (this.#isOver) return
    this.#stop()
    this.tell({ answered: { ...this.#head!, said: Buffer.concat(this.#said) } })
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this.#stop()
    const { message, code, syscall } = error as NodeJS.ErrnoException
    this.tell({ failed: { message, code, syscall } })
  }

  /** What came before the end is kept, and told. */
  #stop(): void {
    this.#isOver = true
    if (this.#received > this.#told) this.#tellReceived()
    this.#controller?.abort(new Error('over'))
  }
}

serveJobs<ReceiveOrder, ReceiveAnswer>((job, order, say) => {
  if ('cancel' in order) return receptions.get(job)?.cancel()
  const tell = (answer: ReceiveAnswer) => {
    say(answer)
    if ('answered' in answer || 'failed' in answer) receptions.delete(job)
  }
  const reception = new Reception(order.into, tell)
  receptions.set(job, reception)
  const { origin, pathname, search } = new URL(order.url)
  agent.dispatch({ origin, path: pathname + search, method: 'GET', headers: order.headers }, reception)
})
