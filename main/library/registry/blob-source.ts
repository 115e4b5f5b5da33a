import { Problem } from '../../problem.ts'
import type { Layer } from '../manifest.ts'
import type { Reception } from './receiver.ts'
import { RefusedByRegistry, type Repository } from './repository.ts'
import { type Answer, drop, header, refusal } from './transport.ts'

/**
 * Where a blob's bytes come from: the registry, or the place it redirects to, which is asked directly from then on and
 * never hears of our token (upstream server/download.go).
 */
export class BlobSource {
  #direct: URL | undefined

  /** @param layer what the manifest says of the blob */
  constructor(
    private readonly repository: Repository,
    private readonly layer: Pick<Layer, 'digest' | 'size'>,
  ) {}

  get digest(): string {
    return this.layer.digest
  }

  /** Bytes, as the manifest has it. */
  get expectedSize(): number {
    return this.layer.size
  }

  /** The blob's size in bytes, as the registry tells it; the manifest's where it tells none. */
  async size(signal: AbortSignal): Promise<number> {
    const { answer } = await this.repository.call({ method: 'HEAD', to: `blobs/${this.digest}`, signal })
    await drop(answer)
    const size = Number(header(answer, 'content-length') ?? Number.NaN)
    return Number.isSafeInteger(size) ? size : this.expectedSize
  }

  /**
   * Brings bytes of the blob into a file. Fewer may have come when the connection is cut.
   * @throws NoRanges, Problem `registry`, or what ended the connection
   */
  async fetch(into: Omit<Reception, 'onStart'>, signal: AbortSignal): Promise<void> {
    let isStarted = false
    const onStart = (url: URL) => {
      isStarted = true
      if (!this.repository.owns(url)) this.#direct = url
    }
    const range = `bytes=${into.at}-${into.at + into.length - 1}`
    const answer = await this.#ask({ range }, { ...into, onStart }, signal)
    if (isStarted) return
    if (answer.statusCode === 200) throw new NoRanges()
    const server = header(answer, 'server') ?? 'the registry'
    throw new Problem('registry', 500, `${server} did not send the range it was asked for`)
  }

  async #ask(headers: Record<string, string>, into: Reception, signal: AbortSignal): Promise<Answer> {
    const direct = this.#direct
    if (!direct) {
      const to = `blobs/${this.digest}`
      return (await this.repository.call({ method: 'GET', to, headers, into, signal, retry: false })).answer
    }
    const { transport } = this.repository.options
    const answer = await transport.send({ method: 'GET', url: direct, headers, into, signal })
    if (answer.statusCode < 300) return answer
    // The registry gives another address.
    if (this.#direct === direct) this.#direct = undefined
    throw new RefusedByRegistry(answer.statusCode, await refusal(answer), { elsewhere: true })
  }
}

/** The server sends all of a blob whatever part of it is asked for. */
export class NoRanges extends Problem {
  constructor() {
    super('registry-refused', 500, 'the registry does not send parts of a blob')
  }
}
