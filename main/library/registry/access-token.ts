import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { goQuote } from '../../go/text.ts'
import { Problem } from '../../problem.ts'
import type { Identity } from './identity.ts'
import { readBody, refusal, type Transport } from './transport.ts'

/** Base64 of the hex SHA-256 of nothing, which stands for the empty body of a GET (upstream auth/auth.go). */
const emptyBody = 'ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ=='
const maxTokenBytes = 1024 * 1024

const tokenSchema = z.object({ token: z.string().regex(/^[\x21-\x7e]*$/) })

/**
 * Answers a 401: asks the realm the challenge names for a token, signed with the person's key (upstream
 * server/auth.go).
 * @param challenge the header WWW-Authenticate
 * @param asked the address that was refused; the realm must be on its host, as it learns who we are
 * @throws Problem
 */
export async function accessToken(
  challenge: string,
  asked: URL,
  { transport, identity }: { transport: Transport; identity: () => Promise<Identity> },
): Promise<string> {
  const url = tokenAddress(challenge, asked)
  const { publicKey, sign } = await identity()
  const signature = sign(`GET,${url.href},${emptyBody}`)
  const answer = await transport.send({
    method: 'GET',
    url,
    headers: { authorization: `${publicKey}:${signature}` },
  })
  if (answer.statusCode >= 400) {
    const said = await refusal(answer)
    if (answer.statusCode === 401) throw new Problem('unauthorized', 401, 'unauthorized: access denied')
    throw new Problem('registry', 500, said)
  }
  const body = (await readBody(answer, maxTokenBytes)).toString('utf8')
  try {
    return tokenSchema.parse(JSON.parse(body)).token
  } catch {
    throw new Problem('registry', 500, `${url.host} answered with no token`)
  }
}

/** Query keys sorted, one scope for each of the challenge's, a time and a number used once. */
function tokenAddress(challenge: string, asked: URL): URL {
  const { realm = '', service = '', scope = '' } = parseChallenge(challenge)
  const url = URL.canParse(realm) ? new URL(realm) : undefined
  if (!url || url.protocol !== asked.protocol) throw new Problem('unauthorized', 401, 'unauthorized: access denied')
  if (url.host !== asked.host) {
    const hosts = `${goQuote(url.host)} does not match original host ${goQuote(asked.host)}`
    throw new Problem('unauthorized', 401, `realm host ${hosts}`)
  }
  url.searchParams.append('service', service)
  for (const one of scope.split(' ')) url.searchParams.append('scope', one)
  url.searchParams.append('ts', String(Math.floor(Date.now() / 1000)))
  url.searchParams.append('nonce', randomBytes(16).toString('base64url'))
  url.searchParams.sort()
  return url
}

/** The parameters of `Bearer realm="…",service="…",scope="…"`. */
function parseChallenge(challenge: string): Record<string, string> {
  return Object.fromEntries(Array.from(challenge.matchAll(/([a-z_]+)="([^"]*)"/gi), ([, key, value]) => [key, value]))
}
