import { type HostKind, hostKind } from './allowed-host.ts'
import type { AllowedOrigins } from './allowed-origins.ts'
import type { Api } from './app.ts'
import { empty } from './responses.ts'

const methods = 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS'

/** Upstream's list, and behind it what browser clients of Anthropic's API send. */
const headers = [
  ...['Authorization', 'Content-Type', 'User-Agent', 'Accept', 'X-Requested-With', 'Openai-Beta'],
  ...['Arch', 'Async', 'Custom-Poll-Interval', 'Helper-Method', 'Lang', 'Os', 'Package-Version'].map(stainless),
  ...['Poll-Helper', 'Retry-Count', 'Runtime', 'Runtime-Version', 'Timeout'].map(stainless),
  ...['X-Api-Key', 'Anthropic-Version', 'Anthropic-Beta', 'Anthropic-Dangerous-Direct-Browser-Access'],
].join(',')

function stainless(name: string): string {
  return `X-Stainless-${name}`
}

const twelveHours = '43200'

export interface GuardOptions {
  readonly origins: AllowedOrigins
  /** The server listens on loopback only, so that a foreign Host header betrays a rebound name. */
  readonly loopback: boolean
}

/**
 * Lets through what may come from a network: first by the page it comes from (CORS, gin-contrib/cors), then by the name
 * it was sent to (upstream server/routes.go, allowedHostsMiddleware). What is refused gets a 403 without a body.
 */
export function guard(api: Api, { origins, loopback }: GuardOptions): Api {
  return {
    async fetch(request) {
      const origin = crossOrigin(request)
      if (origin === undefined) return admit(request)
      if (!origins.allows(origin)) return empty(403)
      const preflight = request.method === 'OPTIONS'
      const response = preflight ? empty(204) : await admit(request)
      if (preflight) {
        response.headers.set('Access-Control-Allow-Methods', methods)
        response.headers.set('Access-Control-Allow-Headers', headers)
        response.headers.set('Access-Control-Max-Age', twelveHours)
      }
      response.headers.set('Access-Control-Allow-Origin', origins.all ? '*' : origin)
      if (!origins.all) response.headers.append('Vary', 'Origin')
      return response
    },
  }

  async function admit(request: Request): Promise<Response> {
    const kind: HostKind = loopback ? hostKind(hostOf(request)) : 'address'
    if (kind === 'foreign') return empty(403)
    if (kind === 'name' && request.method === 'OPTIONS') return empty(204)
    return api.fetch(request)
  }
}

const hostOf = (request: Request): string => request.headers.get('host') ?? ''

/** The origin of a page that is not this server's own. */
function crossOrigin(request: Request): string | undefined {
  const origin = request.headers.get('origin')
  if (!origin) return undefined
  const host = hostOf(request)
  return origin === `http://${host}` || origin === `https://${host}` ? undefined : origin
}
