import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Engine, GenerateRequest, LoadOptions } from '../../main/engine/engine.ts'
import { eachOf } from '../../main/portions.ts'
import { fixture, greedy, startEngine } from '../integration/engine/engine.ts'
import { hearingProjector } from '../integration/engine/random-projector.ts'
import { writeRandomModel } from './api/random-model.ts'
import { randomText } from './api/random-text.ts'

/*
 * `npm run bench:projector`: text from a model with a projector, in the engine for text and in the one that sees, in
 * turns. The model has 135M parameters of random weights. Prints medians and their ratios.
 *
 *   --rounds 5      turns of each row
 *   --threads 2     all cores by default
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
})
const rounds = Number(values.rounds)
const clients = 4
const text = randomText(4)

/** Numbers of one round, each the larger the better. */
interface Speeds {
  readonly 'decode, tokens/s': number
  readonly '4 clients at once, tokens/s': number
  readonly 'prompt of 1,000 tokens, tokens/s': number
}

async function run(engine: Engine, prompt: string, maxTokens: number) {
  const request: GenerateRequest = { prompt, sampling: greedy, maxTokens, stop: [], keepTokens: 4, shift: true }
  for await (const event of eachOf(engine.generate(request))) if (event.type === 'end') return event.counts
  throw new Error('the answer had no end')
}

/** @param round makes the texts new, so that none is in the cache */
async function speeds(engine: Engine, round: number): Promise<Speeds> {
  const decoded = await run(engine, text(`a ${round}`, 20), 128)
  const since = performance.now()
  const together = Array.from({ length: clients }, (_, index) => run(engine, text(`b ${index} ${round}`, 20), 64))
  const tokens = (await Promise.all(together)).reduce((sum, { outputTokens }) => sum + outputTokens, 0)
  const seconds = (performance.now() - since) / 1000
  const read = await run(engine, text(`c ${round}`, 1000), 1)
  return {
    'decode, tokens/s': ((decoded.outputTokens - 1) / decoded.outputNanoseconds) * 1e9,
    '4 clients at once, tokens/s': tokens / seconds,
    'prompt of 1,000 tokens, tokens/s': ((read.promptTokens - read.cachedTokens) / read.promptNanoseconds) * 1e9,
  }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

const folder = await mkdtemp(join(tmpdir(), 'bench-projector-'))
const engines: Engine[] = []
try {
  const modelPath = join(folder, 'model.gguf')
  const projectorPath = join(folder, 'projector.gguf')
  await writeRandomModel(modelPath, fixture('tiny-chat-q8_0.gguf'))
  await writeFile(projectorPath, hearingProjector(576))
  const options: LoadOptions = {
    modelPath,
    projectorPath,
    adapterPaths: [],
    contextSize: 2048,
    slots: clients,
    batchSize: 512,
    gpuLayers: 0,
    threads: Number(values.threads),
  }
  for (const withProjector of [true, false]) engines.push(await startEngine({ ...options, withProjector }))
  const measured: Speeds[][] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const [index, engine] of engines.entries()) measured[index]!.push(await speeds(engine, round))
  }
  for (const row of Object.keys(measured[0]![0]!) as (keyof Speeds)[]) {
    const [seeing = 0, plain = 0] = measured.map(each => median(each.map(speeds => speeds[row])))
    console.log(`${row}: ${plain.toFixed(0)} / ${seeing.toFixed(0)}, ${(plain / seeing).toFixed(2)}`)
  }
} finally {
  await Promise.all(engines.map(engine => engine.dispose()))
  await rm(folder, { recursive: true })
}
