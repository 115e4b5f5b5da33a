import { Problem } from '../../problem.ts'
import { RefusedByRegistry, type Repository } from './repository.ts'
import { type Answer, drop, header, refusal } from './transport.ts'

/**
 * Where a blob's bytes come from: the registry, or the place it redirects to, which is asked directly from then on and
 * never hears of our token (upstream server/download.go).
 */
export class BlobSource {
  #direct: URL | undefined

  constructor(
    private readonly repository: Repository,
    readonly digest: string,
  ) {}

  /** The blob's size in bytes. */
  async size(signal: AbortSignal): Promise<number> {
    const { answer } = await this.repository.call({ method: 'HEAD', to: `blobs/${this.digest}`, signal })
    await drop(answer)
    const size = Number(header(answer, 'content-length') ?? Number.NaN)
    if (!Number.isSafeInteger(size))
      throw new Problem('registry', 500, `the registry does not tell the size of ${this.digest}`)
    return size
  }

  /**
   * The bytes from `start` to before `end`; fewer when the connection is cut, more when the server does not keep to
   * the range.
   * @throws Problem `registry`
   */
  async open(start: number, end: number, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#ask({ range: `bytes=${start}-${end - 1}` }, signal)
    const begins = /^bytes (\d+)-/.exec(header(answer, 'content-range') ?? '')?.[1]
    // A server that knows no ranges sends all: of use from the beginning alone.
    if (answer.statusCode === 206 ? Number(begins) === start : answer.statusCode === 200 && start === 0) return answer
    answer.body.destroy()
    throw new Problem(
      'registry',
      500,
      `${header(answer, 'server') ?? 'the registry'} did not send the range it was asked for`,
    )
  }

  async #ask(headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const direct = this.#direct
    if (!direct) {
      const to = `blobs/${this.digest}`
      const { answer, url } = await this.repository.call({ method: 'GET', to, headers, signal, retry: false })
      if (!this.repository.owns(url)) this.#direct = url
      return answer
    }
    const { transport } = this.repository.options
    const answer = await transport.send({ method: 'GET', url: direct, headers, signal })
    if (answer.statusCode < 300) return answer
    // The registry gives another address.
    if (this.#direct === direct) this.#direct = undefined
    throw new RefusedByRegistry(answer.statusCode, await refusal(answer), { elsewhere: true })
  }
}
