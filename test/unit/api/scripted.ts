import type { Api } from '../../../main/api/app.ts'
import { createApi } from '../../../main/api/app.ts'
import { Bodies } from '../../../main/api/bodies/bodies.ts'
import type { ApiServices } from '../../../main/api/services.ts'
import type {
  ChatRequest,
  Embeddings,
  EmbedRequest,
  GenerateTextRequest,
  Inference,
  InferenceEvent,
  Metrics,
} from '../../../main/inference/requests.ts'
import type { Portions } from '../../../main/portions.ts'
import { singly } from '../../portions.ts'

/** Of an answer of three tokens to a question of five; durations in nanoseconds. */
export const metrics: Metrics = {
  totalDuration: 6,
  loadDuration: 0,
  promptEvalCount: 5,
  promptEvalDuration: 4,
  evalCount: 3,
  evalDuration: 2,
}

type Script = (request: ChatRequest & GenerateTextRequest, signal: AbortSignal) => AsyncIterable<InferenceEvent>

/** Inference that tells what a test wants told, and keeps what it was asked. */
export class ScriptedInference implements Inference {
  readonly asked: (ChatRequest | GenerateTextRequest)[] = []
  readonly embedded: EmbedRequest[] = []
  /** One for each input, by the test's choice. */
  vectorOf: (input: string) => readonly number[] = () => [1, 0]
  readonly #script: Script

  constructor(script: Script) {
    this.#script = script
  }

  chat(request: ChatRequest, signal?: AbortSignal): Portions<InferenceEvent> {
    this.asked.push(request)
    return singly(this.#script(request as ChatRequest & GenerateTextRequest, signal!))
  }

  generate(request: GenerateTextRequest, signal?: AbortSignal): Portions<InferenceEvent> {
    this.asked.push(request)
    return singly(this.#script(request as ChatRequest & GenerateTextRequest, signal!))
  }

  async embed(request: EmbedRequest): Promise<Embeddings> {
    this.embedded.push(request)
    const vectors = request.inputs.map(input => Float32Array.from(this.vectorOf(input)))
    return { vectors, promptEvalCount: 2 * vectors.length, loadDuration: 5, totalDuration: 7 }
  }

  running(): [] {
    return []
  }

  async dispose(): Promise<void> {}
}

/** The app over scripted inference; the services that a test does not need are not there. */
export function scriptedApi(script: Script): { api: Api; inference: ScriptedInference } {
  const inference = new ScriptedInference(script)
  return { api: createApi({ inference, bodies: new Bodies(), version: '0.0.0' } as unknown as ApiServices), inference }
}

/** Events in a row. */
export function telling(...events: InferenceEvent[]): Script {
  return async function* () {
    yield* events
  }
}

/** Whatever a request may carry. */
export type Body = NonNullable<RequestInit['body']>

export const post = (path: string, body: Body | object, init: RequestInit = {}): Request =>
  new Request(`http://localhost${path}`, {
    method: 'POST',
    body:
      typeof body === 'object' && Object.getPrototypeOf(body) === Object.prototype
        ? JSON.stringify(body)
        : (body as Body),
    ...init,
  })

/** A response's text with the moments in it made equal. */
export const textOf = async (response: Response): Promise<string> =>
  (await response.text()).replace(/"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"/g, '"created_at":"NOW"')

/** Whether inference is told to stop when the one who asked for a stream goes away in its middle. */
export async function stopsWithItsReader(streaming: Request): Promise<boolean> {
  let stopped = false
  const { api } = scriptedApi(async function* (_, signal) {
    signal.addEventListener('abort', () => {
      stopped = true
    })
    for (;;) yield { type: 'delta', content: 'more ' }
  })
  const reader = (await api.fetch(streaming)).body!.getReader()
  await reader.read()
  await reader.cancel()
  return stopped
}
