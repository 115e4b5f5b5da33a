import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface DirectRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

/** Requests without a body by Node's own client, over connections that are kept for the next. */
export class DirectRequests {
  readonly #http = new HttpAgent({ keepAlive: true })
  readonly #https = new HttpsAgent({ keepAlive: true })

  /** @param stall milliseconds of silence after which a request fails */
  constructor(private readonly stall: number) {}

  /**
   * @returns the answer whatever its status; its body must be read or dropped
   * @throws what ended the connection
   */
  async send({ method, url, headers, signal }: DirectRequest): Promise<IncomingMessage> {
    const isSecure = url.protocol === 'https:'
    const request = isSecure ? httpsRequest : httpRequest
    const options = { method, headers, signal, timeout: this.stall, agent: isSecure ? this.#https : this.#http }
    for (;;) {
      const asked = request(url, options)
      asked.on('timeout', () => {
        const silent = new Error(`nothing came for ${this.stall / 1000} seconds`)
        asked.destroy(Object.assign(silent, { code: 'ETIMEDOUT' }))
      })
      try {
        const answer = await new Promise<IncomingMessage>((resolve, reject) => {
          asked.on('response', resolve).on('error', reject).end()
        })
        // Whoever reads the body meets its errors; of one that nobody reads any more they must not end the process.
        answer.on('error', () => undefined)
        return answer
      } catch (error) {
        if (!isStale(asked, error)) throw error
      }
    }
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}

/**
 * Whether a request without an answer failed as the peer closed a connection that was kept just as we used it again.
 */
export function isStale(asked: ClientRequest, error: unknown): boolean {
  return asked.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
}
