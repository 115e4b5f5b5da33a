import type { Engine, GenerateRequest } from '../../main/engine/engine.ts'
import { eachOf } from '../../main/portions.ts'
import { chatModel, chatPrompt, greedy, startEngine } from '../integration/engine/engine.ts'

/*
 * `npm run bench:engine [model.gguf]`: what the process boundary costs, and how soon a cancelled answer is silent.
 * Yardstick: the engine's own clock around the same tokens, in the same run. Medians over turns.
 */

const turns = 15

const request: GenerateRequest = {
  prompt: chatPrompt('Count from 1 to 30'),
  sampling: greedy,
  maxTokens: 100,
  stop: [],
  keepTokens: 4,
  shift: true,
}

/** Milliseconds a token: as the engine's own clock has it, and as this process sees the pieces arrive. */
async function decode(engine: Engine): Promise<{ own: number; seen: number }> {
  let first = 0
  for await (const event of eachOf(engine.generate(request))) {
    if (event.type === 'text') first ||= performance.now()
    if (event.type === 'end') {
      const tokens = event.counts.outputTokens - 1
      return { own: event.counts.outputNanoseconds / 1e6 / tokens, seen: (performance.now() - first) / tokens }
    }
  }
  throw new Error('the answer had no end')
}

/** Milliseconds from an abort in the middle of an answer until its reader is told. */
async function cancel(engine: Engine): Promise<number> {
  const abort = new AbortController()
  let pieces = 0
  let abortedAt = 0
  try {
    for await (const event of eachOf(engine.generate({ ...request, maxTokens: 2000 }, abort.signal))) {
      if (event.type === 'text' && ++pieces === 10) {
        abortedAt = performance.now()
        abort.abort()
      }
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') return performance.now() - abortedAt
    throw error
  }
  throw new Error('the answer ended before it was cancelled')
}

/** Milliseconds from an abort until the same slot has answered another prompt with one token. */
async function freed(engine: Engine): Promise<number> {
  const abort = new AbortController()
  let pieces = 0
  for await (const event of eachOf(engine.generate({ ...request, maxTokens: 2000 }, abort.signal))) {
    if (event.type === 'text' && ++pieces === 10) break
  }
  const from = performance.now()
  abort.abort()
  for await (const _ of eachOf(engine.generate({ ...request, maxTokens: 1 })));
  return performance.now() - from
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

const modelPath = process.argv[2] ?? chatModel.modelPath
const engine = await startEngine({ ...chatModel, modelPath, gpuLayers: 'auto' })
try {
  await decode(engine)
  const decoded = []
  const cancelled = []
  const free = []
  for (let turn = 0; turn < turns; turn++) {
    decoded.push(await decode(engine))
    cancelled.push(await cancel(engine))
    free.push(await freed(engine))
  }
  const own = median(decoded.map(turn => turn.own))
  const seen = median(decoded.map(turn => turn.seen))
  console.log(
    `decode: ${seen.toFixed(3)} ms a token as seen, ${own.toFixed(3)} in the engine, ratio ${(own / seen).toFixed(2)}`,
  )
  console.log(`cancel to silence: ${median(cancelled).toFixed(2)} ms (slowest ${Math.max(...cancelled).toFixed(2)})`)
  console.log(
    `cancel to the slot's next token: ${median(free).toFixed(1)} ms (slowest ${Math.max(...free).toFixed(1)})`,
  )
} finally {
  await engine.dispose()
}
