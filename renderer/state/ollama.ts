import { Ollama } from 'ollama/browser'
import { CallProblem, subscribe } from './bridge.ts'

/**
 * `fetch` for the Ollama client that goes through the bridge instead of the network: the same API app answers, no port
 * is needed, and the content security policy needs no exception.
 */
export async function bridgeFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  const { pathname, search } = new URL(request.url)
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer())
  const { signal } = request
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    let sink: ReadableStreamDefaultController<Uint8Array> | undefined
    let leave: (() => void) | undefined
    let ended = false
    const end = () => {
      ended = true
      signal.removeEventListener('abort', abort)
      leave?.()
    }
    const fail = (reason: unknown) => {
      end()
      if (sink) sink.error(reason)
      else reject(reason)
    }
    const abort = () => fail(signal.reason)
    leave = subscribe(
      'api.request',
      { method: methodOf(request.method), path: pathname + search, headers: Object.fromEntries(request.headers), body },
      event => {
        if (event.type === 'head') {
          const empty = request.method === 'HEAD' || event.status === 204 || event.status === 304
          const stream = new ReadableStream<Uint8Array>({
            start: controller => {
              sink = controller
            },
            cancel: end,
          })
          resolve(new Response(empty ? null : stream, { status: event.status, headers: event.headers }))
        } else if (event.type === 'body') sink?.enqueue(event.chunk)
        else if (event.type === 'end') {
          end()
          sink?.close()
        } else fail(new CallProblem(event.problem))
      },
    )
    if (ended) leave()
    else signal.addEventListener('abort', abort)
  })
}

const methods = ['GET', 'HEAD', 'POST', 'DELETE'] as const

function methodOf(method: string): (typeof methods)[number] {
  const known = methods.find(each => each === method)
  if (!known) throw new TypeError(`the API has no method ${method}`)
  return known
}

/** The official client, speaking to this very app. The host is only a name: nothing is looked up. */
export const ollama = new Ollama({ host: 'http://hearth.localhost', fetch: bridgeFetch })
