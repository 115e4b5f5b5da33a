import type { Engine, GenerateRequest, TokenLogprob } from '../engine/engine.ts'
import type { OutputParser, Parsed } from './prompt/output/output-parser.ts'
import type { InferenceEvent, Logprob, Metrics } from './requests.ts'

/** What one answer needs beside the engine. */
export interface Generation {
  readonly request: GenerateRequest
  readonly parser: OutputParser
  /** `process.hrtime.bigint()` when the request arrived, for `total_duration`. */
  readonly since: bigint
  /** Nanoseconds spent waiting for the model. */
  readonly loadNanoseconds: number
}

/**
 * Runs one prompt and tells thinking, text and tool calls apart as they arrive. Log probabilities go out with the piece
 * that completes them, also when its text is still held back (upstream server/routes.go).
 */
export async function* generation(
  engine: Engine,
  work: Generation,
  signal?: AbortSignal,
): AsyncGenerator<InferenceEvent> {
  for await (const event of engine.generate(work.request, signal)) {
    if (event.type === 'text') {
      yield* deltas(work.parser.push(event.text), event.logprobs?.map(logprobOf))
      continue
    }
    yield* deltas(work.parser.end())
    const { counts } = event
    const metrics: Metrics = {
      totalDuration: Number(process.hrtime.bigint() - work.since),
      loadDuration: work.loadNanoseconds,
      promptEvalCount: counts.promptTokens,
      promptEvalDuration: counts.promptNanoseconds,
      evalCount: counts.outputTokens,
      evalDuration: counts.outputNanoseconds,
    }
    yield { type: 'done', reason: event.reason, metrics, context: event.tokens }
  }
}

function* deltas(parsed: readonly Parsed[], logprobs?: readonly Logprob[]): Generator<InferenceEvent> {
  if (parsed.length === 0 && logprobs?.length) yield { type: 'delta', content: '', logprobs }
  for (const [index, piece] of parsed.entries()) {
    yield {
      type: 'delta',
      content: piece.content ?? '',
      ...(piece.thinking ? { thinking: piece.thinking } : {}),
      ...(piece.toolCalls?.length ? { toolCalls: piece.toolCalls } : {}),
      ...(index === 0 && logprobs?.length ? { logprobs } : {}),
    }
  }
}

function logprobOf({ token, logprob, bytes, top }: TokenLogprob): Logprob {
  return { token, logprob, bytes, ...(top ? { topLogprobs: top } : {}) }
}
