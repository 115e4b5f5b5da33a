import { resolve } from 'node:path'
import type {
  Engine,
  GenerateEvent,
  GenerateRequest,
  LoadOptions,
  SamplingOptions,
} from '../../../main/engine/engine.ts'
import { forkEngine } from '../../../main/engine/fork.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'
import { eachOf } from '../../../main/portions.ts'

const project = resolve(import.meta.dirname, '../../..')

/** The bundle that test/integration/build.ts makes. */
export const engineEntry = resolve(project, 'out/main/engine-process.js')

export const fixture = (name: string) => resolve(project, 'test/fixtures/models', name)

export const startEngine = createEngineStarter(forkEngine(engineEntry))

export const chatModel: LoadOptions = {
  modelPath: fixture('tiny-chat-q8_0.gguf'),
  adapterPaths: [],
  contextSize: 2048,
  slots: 1,
  batchSize: 512,
  gpuLayers: 0,
  threads: 0,
}

export const greedy: SamplingOptions = {
  temperature: 0,
  topK: 40,
  topP: 0.9,
  minP: 0,
  typicalP: 1,
  repeatPenalty: 1,
  repeatLastN: 64,
  presencePenalty: 0,
  frequencyPenalty: 0,
}

/** ChatML as the fixture model knows it, with thinking switched off. */
export function chatPrompt(...turns: string[]): string {
  const [last, ...before] = turns.toReversed()
  const history = before
    .toReversed()
    .map((text, index) => `<|im_start|>${index % 2 ? 'assistant' : 'user'}\n${text}<|im_end|>\n`)
  return `${history.join('')}<|im_start|>user\n${last}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n`
}

export function ask(prompt: string | number[], more: Partial<GenerateRequest> = {}): GenerateRequest {
  return { prompt, sampling: greedy, maxTokens: 200, stop: [], keepTokens: 4, shift: true, ...more }
}

/** A text that has no last token; of `[a-z ]*` any may be, and which is drawn differs from processor to processor. */
export const endlessGrammar = 'root ::= [a-z ] root'

/** An answer that goes on until it is stopped. */
export function askEndlessly(prompt: string | number[], more: Partial<GenerateRequest> = {}): GenerateRequest {
  return ask(prompt, { grammar: endlessGrammar, maxTokens: 1_000_000, ...more })
}

type End = Extract<GenerateEvent, { type: 'end' }>
type Text = Extract<GenerateEvent, { type: 'text' }>

export interface Whole extends Omit<End, 'type'> {
  readonly text: string
  readonly pieces: readonly Text[]
}

/** Reads an answer to its end. */
export async function answer(engine: Engine, request: GenerateRequest, signal?: AbortSignal): Promise<Whole> {
  const pieces: Text[] = []
  for await (const event of eachOf(engine.generate(request, signal))) {
    if (event.type === 'text') pieces.push(event)
    if (event.type === 'end') return { ...event, pieces, text: pieces.map(({ text }) => text).join('') }
  }
  throw new Error('the answer has no end')
}
