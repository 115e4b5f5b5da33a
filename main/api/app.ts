import { Hono } from 'hono'
import { withAnthropicErrors } from './anthropic/errors.ts'
import { messages } from './anthropic/messages.ts'
import type { Endpoint } from './endpoint.ts'
import { cloudOnly, me, modelRecommendations, signout } from './ollama/account.ts'
import { headBlob, postBlob } from './ollama/blobs.ts'
import { chat } from './ollama/chat.ts'
import { copy } from './ollama/copy.ts'
import { create } from './ollama/create.ts'
import { remove } from './ollama/delete.ts'
import { embed } from './ollama/embed.ts'
import { embeddings } from './ollama/embeddings.ts'
import { generate } from './ollama/generate.ts'
import { ps } from './ollama/ps.ts'
import { pull } from './ollama/pull.ts'
import { push } from './ollama/push.ts'
import { root } from './ollama/root.ts'
import { show } from './ollama/show.ts'
import { status } from './ollama/status.ts'
import { tags } from './ollama/tags.ts'
import { version } from './ollama/version.ts'
import { chatCompletions } from './openai/chat-completions.ts'
import { completions } from './openai/completions.ts'
import { openAiEmbeddings } from './openai/embeddings.ts'
import { withOpenAiErrors } from './openai/errors.ts'
import { model, models } from './openai/models.ts'
import { transcriptions } from './openai/transcriptions.ts'
import { responses } from './openai-responses/responses.ts'
import { empty, errorResponse, notFound, plainText } from './responses.ts'
import type { ApiServices } from './services.ts'

/** A web-standard app: HTTP and the window's IPC are doors to the same one. */
export interface Api {
  fetch(request: Request): Promise<Response>
}

type Methods = Readonly<Record<string, Endpoint>>

/** Every path with its methods, in upstream's order (server/routes.go, GenerateRoutes). */
const routes: Readonly<Record<string, Methods>> = {
  '/': { GET: root, HEAD: root },
  '/api/version': { GET: version, HEAD: version },
  '/api/status': { GET: status },
  '/api/tags': { GET: tags, HEAD: tags },
  '/api/show': { POST: show },
  '/api/generate': { POST: generate },
  '/api/chat': { POST: chat },
  '/api/embed': { POST: embed },
  '/api/embeddings': { POST: embeddings },
  '/api/ps': { GET: ps },
  '/api/create': { POST: create },
  '/api/pull': { POST: pull },
  '/api/push': { POST: push },
  '/api/copy': { POST: copy },
  '/api/delete': { DELETE: remove },
  '/api/blobs/:parameter': { POST: postBlob, HEAD: headBlob },
  '/api/me': { POST: me },
  '/api/signout': { POST: signout },
  '/api/user/keys/:parameter': { DELETE: signout },
  '/api/experimental/web_search': { POST: cloudOnly('web search') },
  '/api/experimental/web_fetch': { POST: cloudOnly('web fetch') },
  '/api/experimental/model-recommendations': { GET: modelRecommendations },
  '/v1/chat/completions': { POST: withOpenAiErrors(chatCompletions) },
  '/v1/completions': { POST: withOpenAiErrors(completions) },
  '/v1/embeddings': { POST: withOpenAiErrors(openAiEmbeddings) },
  '/v1/audio/transcriptions': { POST: withOpenAiErrors(transcriptions) },
  '/v1/models': { GET: withOpenAiErrors(models) },
  '/v1/models/:parameter': { GET: withOpenAiErrors(model) },
  '/v1/responses': { POST: withOpenAiErrors(responses) },
  '/v1/messages': { POST: withAnthropicErrors(messages) },
}

/**
 * The Ollama-compatible API. It trusts whoever calls it: who may call is the door's business (guard.ts).
 * Requests to paths nobody answers, or with a method they do not know, get the pages of upstream's router (gin).
 */
export function createApi(services: ApiServices): Api {
  const app = new Hono()
  for (const [path, methods] of Object.entries(routes)) {
    app.all(path, context => {
      // The router answers HEAD as GET; only the request itself knows which it was.
      const { raw } = context.req
      const endpoint = Object.hasOwn(methods, raw.method) ? methods[raw.method] : undefined
      return endpoint?.(raw, services, context.req.param('parameter') ?? '') ?? methodNotAllowed(methods)
    })
    if (path !== '/') app.all(`${path}/`, context => withoutSlash(context.req.raw, methods))
  }
  app.notFound(context => withoutEmptyParts(context.req.raw))
  app.onError(error => errorResponse(error))
  return { fetch: async request => app.fetch(request) }
}

const methodNotAllowed = (methods: Methods): Response =>
  plainText('405 method not allowed', 405, { Allow: Object.keys(methods).join(', ') })

/** A slash too many at the end is cut off. */
function withoutSlash(request: Request, methods: Methods): Response {
  if (!Object.hasOwn(methods, request.method)) return notFound()
  const { pathname, search } = new URL(request.url)
  return redirect(request, pathname.slice(0, -1) + search)
}

/** Go's server sends `//api/tags`, which is what a base address that ends in a slash leads to, on to `/api/tags`. */
function withoutEmptyParts(request: Request): Response {
  const { pathname, search } = new URL(request.url)
  const path = pathname.replace(/\/{2,}/g, '/')
  return path === pathname ? notFound() : redirect(request, path + search)
}

/** All but GET keep their method and body, which upstream loses in the second case. */
const redirect = ({ method }: Request, location: string): Response =>
  empty(method === 'GET' ? 301 : 307, { Location: location })
