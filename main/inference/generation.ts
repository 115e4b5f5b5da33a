import {
  type Engine,
  type GenerateCounts,
  type GenerateEvent,
  type GenerateRequest,
  notTaken,
  readerPatience,
  type TokenLogprob,
} from '../engine/engine.ts'
import { eachBecomes } from '../portions.ts'
import { beginsThinking } from './prompt/output/format.ts'
import { createOutputParser, type OutputPlan, type Parsed } from './prompt/output/output-parser.ts'
import { fitted, fittedTokens } from './prompt-fit.ts'
import type { InferenceEvent, Logprob, Metrics } from './requests.ts'

/** What one answer needs beside the engine. */
export interface Generation {
  /** Without the grammar, which may have to wait for the end of the thinking. */
  readonly request: GenerateRequest
  readonly grammar: string | undefined
  /** The middle of a prompt that is too long may be cut out. */
  readonly cuts: boolean
  readonly output: OutputPlan
  /** `process.hrtime.bigint()` when the request arrived, for `total_duration`. */
  readonly since: bigint
  /** Nanoseconds spent waiting for the model. */
  readonly loadNanoseconds: number
  /** Called when the engine has done its part, though the answer may still have to be read. */
  readonly onOver: (heard: boolean) => void
}

type End = Extract<GenerateEvent, { type: 'end' }>

/**
 * Runs one prompt and tells thinking, text and tool calls apart as they arrive. Log probabilities go out with the piece
 * that completes them, also when its text is still held back (upstream server/routes.go).
 */
export async function* generation(
  engine: Engine,
  work: Generation,
  signal?: AbortSignal,
): AsyncGenerator<readonly InferenceEvent[]> {
  const { request, grammar, output } = work
  const end = yield* grammar !== undefined && output.thinks
    ? thinkingThenGrammar(engine, work, grammar, signal)
    : answer(engine, { ...request, grammar }, output, signal, work.onOver)
  yield [{ type: 'done', reason: end.reason, metrics: metricsOf(work, end.counts), context: end.tokens }]
}

async function* answer(
  engine: Engine,
  request: GenerateRequest,
  output: OutputPlan | undefined,
  signal: AbortSignal | undefined,
  onOver: Generation['onOver'],
): AsyncGenerator<readonly InferenceEvent[], End> {
  const parser = createOutputParser(output)
  let end = undefined as End | undefined
  yield* eachBecomes(engine.generate(request, signal, onOver), (event): InferenceEvent[] => {
    if (event.type === 'text') return deltas(parser.push(event.text), event.logprobs?.map(logprobOf))
    if (event.type !== 'end') return [event]
    end = event
    return deltas(parser.end())
  })
  if (!end) throw new Error('the engine ended an answer without saying so')
  return end
}

/**
 * A grammar binds the answer, not the thinking and the tool calls before it: the model writes freely until its first
 * word of content, then goes on from there under the grammar (upstream server/routes.go, ChatHandler). What it had
 * written is still in the slot's cache and is not evaluated again. Calls without a word of content are the whole
 * answer.
 */
async function* thinkingThenGrammar(
  engine: Engine,
  { request, cuts, output, onOver }: Generation,
  grammar: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly InferenceEvent[], End> {
  const parser = createOutputParser(output)
  let raw = ''
  let content = ''
  let hasCalled = false
  let first: End | undefined
  let isFree = true
  let givenUp = false
  let waiting: NodeJS.Timeout | undefined
  // The end of the thinking is not the end of the whole; but where nobody takes it, nothing follows.
  const awaitReader = () => {
    waiting ??= setTimeout(() => {
      givenUp = true
      onOver(false)
    }, readerPatience)
  }
  const onThought = (heard: boolean) => {
    if (!isFree) return
    if (heard) awaitReader()
    else onOver(false)
  }
  const beforeContent = (parsed: readonly Parsed[]): Parsed[] => {
    content += parsed.map(piece => piece.content ?? '').join('')
    hasCalled ||= parsed.some(piece => piece.toolCalls)
    isFree = content.trim() === ''
    return parsed.filter(piece => piece.thinking || piece.toolCalls)
  }
  let last: readonly InferenceEvent[] = []
  try {
    for await (const portion of engine.generate(request, signal, onThought)) {
      const told: InferenceEvent[] = []
      try {
        for (const event of portion) {
          if (event.type === 'end') {
            first = event
            told.push(...deltas(beforeContent(parser.end())))
          } else if (event.type !== 'text') told.push(event)
          else {
            raw += event.text
            const parsed = beforeContent(parser.push(event.text))
            // What answers is drawn again.
            told.push(...deltas(parsed, isFree ? event.logprobs?.map(logprobOf) : undefined))
          }
          if (!isFree) break
        }
      } finally {
        if (isFree && told.length > 0) yield told
      }
      if (!isFree) last = told
      if (first || !isFree) break
    }
    if (last.length > 0) {
      awaitReader()
      yield last
    }
  } finally {
    clearTimeout(waiting)
  }
  if (givenUp) throw notTaken(readerPatience)
  if (first && (first.reason === 'length' || (hasCalled && isFree))) {
    onOver(true)
    return first
  }

  const thought = beforeAnswer(raw, content, output)
  // Asked before the engine is done: it may leave then.
  const thoughtTokens = await engine.tokenize(thought, { special: true })
  // What closes the thinking counts as well.
  const left = request.maxTokens - thoughtTokens.length
  const { contextSize } = engine.info
  const isFull = !cuts && first !== undefined && first.counts.promptTokens + thoughtTokens.length >= contextSize
  if (first && (left <= 0 || isFull)) {
    onOver(true)
    return { ...first, reason: 'length' }
  }
  const { prompt, keepTokens } = request
  const fit =
    typeof prompt === 'string'
      ? await fitted(engine, prompt + thought, { cut: cuts, keepTokens })
      : fittedTokens(engine, [...prompt, ...thoughtTokens], keepTokens)
  const whole = first?.counts.promptTokens ?? (fit.isCut ? await lengthOf(engine, prompt) : undefined)
  const second = yield* answer(
    engine,
    {
      ...request,
      prompt: fit.prompt,
      maxTokens: Math.max(1, left),
      grammar,
    },
    undefined,
    signal,
    onOver,
  )
  return { ...second, counts: summed(first?.counts, second.counts, thoughtTokens.length, whole) }
}

/**
 * What was written before the answer: thinking, its end, and what opens the answer in the format. Thinking that was not
 * closed is done, and is closed.
 * @param content the answer as far as it was written
 */
function beforeAnswer(raw: string, content: string, { format, context }: OutputPlan): string {
  if (content.trim() !== '') return raw.slice(0, raw.lastIndexOf(content.trim()))
  const { thinking, answerOpen = '\n\n' } = format
  if (!thinking) return ''
  const close = thinking.close.find(tag => raw.includes(tag))
  if (close !== undefined) return raw.slice(0, raw.indexOf(close) + close.length) + answerOpen
  const isOpen = raw.trimStart().startsWith(thinking.open) || beginsThinking(format, context.prompt)
  return isOpen ? raw + thinking.close[0] + answerOpen : ''
}

async function lengthOf(engine: Engine, prompt: GenerateRequest['prompt']): Promise<number> {
  return typeof prompt === 'string' ? (await engine.tokenize(prompt, { special: true })).length : prompt.length
}

/**
 * Counts of an answer made in two steps: what was thought belongs to the output, not to the prompt.
 * @param thought tokens
 * @param whole tokens of the request's prompt, where the second step read less than all of it or the first counted them
 */
function summed(
  thinking: GenerateCounts | undefined,
  answer: GenerateCounts,
  thought: number,
  whole: number | undefined,
): GenerateCounts {
  return {
    promptTokens: whole ?? answer.promptTokens - thought,
    cachedTokens: thinking?.cachedTokens ?? Math.max(0, answer.cachedTokens - thought),
    promptNanoseconds: (thinking?.promptNanoseconds ?? 0) + answer.promptNanoseconds,
    outputTokens: thought + answer.outputTokens,
    outputNanoseconds: (thinking?.outputNanoseconds ?? 0) + answer.outputNanoseconds,
  }
}

function metricsOf({ since, loadNanoseconds }: Generation, counts: GenerateCounts): Metrics {
  return {
    totalDuration: Number(process.hrtime.bigint() - since),
    loadDuration: loadNanoseconds,
    promptEvalCount: counts.promptTokens,
    promptEvalDuration: counts.promptNanoseconds,
    evalCount: counts.outputTokens,
    evalDuration: counts.outputNanoseconds,
  }
}

function deltas(parsed: readonly Parsed[], logprobs?: readonly Logprob[]): InferenceEvent[] {
  if (parsed.length === 0 && logprobs?.length) return [{ type: 'delta', content: '', logprobs }]
  return parsed.map((piece, index) => ({
    type: 'delta',
    content: piece.content ?? '',
    ...(piece.thinking ? { thinking: piece.thinking } : {}),
    ...(piece.toolCalls?.length ? { toolCalls: piece.toolCalls } : {}),
    ...(index === 0 && logprobs?.length ? { logprobs } : {}),
  }))
}

function logprobOf({ token, logprob, bytes, top }: TokenLogprob): Logprob {
  return { token, logprob, bytes, ...(top ? { topLogprobs: top } : {}) }
}
