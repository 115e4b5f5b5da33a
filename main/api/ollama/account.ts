import { anyMap } from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'
import { readJson } from '../bodies/request-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { errorResponse, json } from '../responses.ts'

/*
 * What needs an account at ollama.com. Hearth has none and asks nobody: it answers as Ollama does to whom is not signed
 * in and has turned the cloud off (upstream server/routes.go).
 */

/** POST /api/me. There is no key either, so that the address to sign in at is left out. */
export const me: Endpoint = () => errorResponse(new Problem('invalid-request', 401, 'unauthorized'))

/** POST /api/signout, and DELETE /api/user/keys/:encodedKey, which it was once. */
export const signout: Endpoint = () =>
  errorResponse(new Problem('invalid-request', 401, 'you are not currently signed in'))

/** POST /api/experimental/web_search and web_fetch. */
export const cloudOnly =
  (what: 'web search' | 'web fetch'): Endpoint =>
  async request => {
    await readJson(request, anyMap)
    throw new Problem('invalid-request', 403, `ollama cloud is disabled: ${what} is unavailable`)
  }

/** GET /api/experimental/model-recommendations: whoever recommends models does so in the window. */
export const modelRecommendations: Endpoint = () => json({ recommendations: [] })
