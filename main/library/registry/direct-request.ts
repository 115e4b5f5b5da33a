import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Answer, Call } from './transport.ts'

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
  async send({ method, url, signal }: Call, headers: Readonly<Record<string, string>>): Promise<Answer> {
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
        const body = await new Promise<IncomingMessage>((resolve, reject) => {
          asked.on('response', resolve).on('error', reject).end()
        })
        // Whoever reads the body meets its errors; of one that nobody reads any more they must not end the process.
        body.on('error', () => undefined)
        return { statusCode: body.statusCode!, headers: body.headers, body }
      } catch (error) {
        // The peer closed a connection that was kept just as we used it again.
        const isStale = asked.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
        if (!isStale) throw error
      }
    }
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
