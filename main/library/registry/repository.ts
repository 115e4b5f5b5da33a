import { setTimeout as pause } from 'node:timers/promises'
import { Problem, type ProblemCode } from '../../problem.ts'
import type { ModelName } from '../model-name.ts'
import { accessToken } from './access-token.ts'
import type { Identity } from './identity.ts'
import { orAborted } from './or-aborted.ts'
import { type Answer, type Call, drop, header, refusal, type Transport } from './transport.ts'

/** How many redirects in a row are followed (upstream server/download.go). */
const maxRedirects = 10
/** Answers that another try may better. */
const passingStatuses = [408, 425, 429, 500, 502, 503, 504]
/** Tries for a short request, the first included. */
const tries = 4

export interface RepositoryOptions {
  readonly transport: Transport
  /** Asked for when the registry wants to know who calls. */
  readonly identity: () => Promise<Identity>
  /** Plain HTTP, whatever the name says. */
  readonly insecure: boolean
  /** Milliseconds to wait before try number `next`, counted from 1. */
  readonly backoff: (next: number) => number
}

export interface RepositoryCall extends Omit<Call, 'url' | 'body'> {
  /** Below `/v2/<namespace>/<model>/`, or a whole address the registry gave. */
  readonly to: string | URL
  /** Made anew for each time it is sent. */
  readonly body?: () => Call['body']
  /** False for answers of 300 to 399 to be given back. */
  readonly follow?: boolean
  /** False where the caller has tries of its own. */
  readonly retry?: boolean
}

export interface Located {
  readonly answer: Answer
  /** Where the answer came from in the end. */
  readonly url: URL
}

/** One model's place at a registry (upstream server/images.go, makeRequestWithRetry), with its access token. */
export class Repository {
  readonly #base: URL
  #token: Promise<string> | undefined

  /** @throws Problem `insecure protocol http` for a name that says http where that was not allowed */
  constructor(
    readonly name: ModelName,
    readonly options: RepositoryOptions,
  ) {
    if (name.scheme === 'http' && !options.insecure) throw new Problem('registry', 500, 'insecure protocol http')
    const base = `${options.insecure ? 'http' : name.scheme}://${name.host}/v2/${name.namespace}/${name.model}/`
    // The grammar of names admits hosts that no address has, `a:b:c` or port 99999.
    if (!URL.canParse(base)) throw new Problem('invalid-request', 400, 'invalid model name')
    this.#base = new URL(base)
  }

  /** Where all of it lies, as an address. */
  get address(): string {
    return this.#base.href
  }

  /** Whether an address is this registry itself, which may hear our credentials. */
  owns(url: URL): boolean {
    return url.host === this.#base.host && url.protocol === this.#base.protocol
  }

  /**
   * Sends a request, signs in when asked to, follows redirects (without credentials to other hosts), tries again what
   * may pass.
   * @returns an answer below 400
   * @throws Problem `file does not exist` (404), `unauthorized: access denied`, `<status>: <body>`, or why there was
   * none
   */
  async call(call: RepositoryCall): Promise<Located> {
    for (let next = 1; ; next++) {
      const located = await this.#follow(call)
      const { answer } = located
      if (answer.statusCode < 400) return located
      const said = await refusal(answer)
      if (call.retry !== false && next < tries && passingStatuses.includes(answer.statusCode)) {
        await pause(retryAfter(answer) ?? this.options.backoff(next), undefined, { signal: call.signal })
        continue
      }
      const refused = { retryAfter: retryAfter(answer), elsewhere: !this.owns(located.url) }
      throw new RefusedByRegistry(answer.statusCode, answer.statusCode === 404 ? 'file does not exist' : said, refused)
    }
  }

  async #follow(call: RepositoryCall): Promise<Located> {
    let url = new URL(call.to, this.#base)
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#signedIn(call, url)
      const location = header(answer, 'location')
      if (call.follow === false || answer.statusCode < 300 || answer.statusCode >= 400 || location === undefined) {
        return { answer, url }
      }
      await drop(answer)
      if (redirects === maxRedirects) {
        throw new Problem('registry', 500, `maximum redirects exceeded (${maxRedirects}) for directURL`)
      }
      url = redirected(location, url)
    }
  }

  /** Sends with the token there is; a 401 of the registry itself gets a new one, once. */
  async #signedIn(call: RepositoryCall, url: URL): Promise<Answer> {
    const { method, headers, signal, into } = call
    // Whoever leaves does not wait for a token that others share.
    const bearer = async (token: Promise<string>) => `Bearer ${await orAborted(token, signal)}`
    const send = async () =>
      this.options.transport.send({
        method,
        url,
        signal,
        into,
        body: call.body?.(),
        headers: { ...headers, ...(this.owns(url) && this.#token && { authorization: await bearer(this.#token) }) },
      })
    const used = this.#token
    const first = await send()
    if (first.statusCode !== 401 || !this.owns(url)) return first
    const challenge = header(first, 'www-authenticate') ?? ''
    await drop(first)
    // Several parts may be refused at once; one of them gets the token for all.
    if (this.#token === used) {
      const token = accessToken(challenge, url, this.options)
      this.#token = token
      token.catch(() => {
        if (this.#token === token) this.#token = undefined
      })
    }
    const second = await send()
    if (second.statusCode !== 401) return second
    await drop(second)
    throw new Problem('unauthorized', 401, 'unauthorized: access denied')
  }
}

/**
 * Where an answer of a registry sends us on to.
 * @throws Problem `registry-refused` for what is no address of the web, or would carry plainly what came encrypted
 */
export function redirected(location: string, from: URL): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const downgraded = to?.protocol === 'http:' && from.protocol === 'https:'
  if (!to || !['http:', 'https:'].includes(to.protocol) || downgraded) {
    throw new Problem('registry-refused', 500, `the registry redirects to an address that is not safe: ${location}`)
  }
  return to
}

/** An answer of 400 and more. */
export class RefusedByRegistry extends Problem {
  constructor(
    readonly answered: number,
    message: string,
    private readonly about: { retryAfter?: number; elsewhere?: boolean } = {},
  ) {
    super(codeOf(answered), 500, message)
  }

  /** Milliseconds the registry asks to wait. */
  get retryAfter(): number | undefined {
    return this.about.retryAfter
  }

  /** Addresses a registry hands out are good for some minutes: what refuses one may take the next. */
  get passing(): boolean {
    return passingStatuses.includes(this.answered) || (this.about.elsewhere === true && this.answered !== 416)
  }
}

function codeOf(status: number): ProblemCode {
  if (status === 404) return 'not-found'
  return passingStatuses.includes(status) ? 'registry' : 'registry-refused'
}

/** Milliseconds, at most a minute; dates are not looked at. */
function retryAfter(answer: Answer): number | undefined {
  const seconds = Number(header(answer, 'retry-after') ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds, 60) * 1000 : undefined
}
