import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cacheFolder, makeFolderOnce } from '../../scripts/cache-folder.ts'
import { projectFolder } from '../../scripts/project.ts'
import { llamaServer } from './api/build-llama-server.ts'
import { writeEndlessModel } from './api/endless-model.ts'
import { hearthModel, startHearth } from './api/hearth.ts'
import { llamaServerModel, startLlamaServer } from './api/llama-server.ts'
import { embedding, type Measure, measures, type Sizes } from './api/measures.ts'
import { writeRandomModel } from './api/random-model.ts'
import { randomText } from './api/random-text.ts'
import type { Server, Shape } from './api/server.ts'

/*
 * `npm run bench:api`: Hearth through HTTP against llama-server of the very llama.cpp release it is built on, with the
 * same model file, threads and slots, in turns within one run. Prints medians and their ratios.
 *
 *   --rounds 9      turns of each row
 *   --threads 2     all cores by default
 *   --only WORD     the rows whose name holds the word
 *   --model WORD    the models whose file name holds the word
 *   --beside 1      programs that keep a core busy meanwhile; none by default
 */

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    threads: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string', default: '' },
    model: { type: 'string', default: '' },
    beside: { type: 'string', default: '0' },
  },
})
const rounds = Number(options.rounds)
const threads = Number(options.threads)
const slots = 4

interface Subject {
  readonly path: string
  readonly isRandom: boolean
  readonly contextSize: number
  /** Tokens of the long prompt and of the long chat's first turn. */
  readonly prompt: number
  readonly chat: number
  /** The model that makes vectors, and how llama-server is to pool as the model itself does not say. */
  readonly embeddingPath: string
  readonly pooling: string
}

async function subjects(): Promise<Subject[]> {
  const models = join(projectFolder, 'test', 'fixtures', 'models')
  const fixture = join(models, 'tiny-chat-q8_0.gguf')
  const endless = await madeModel('bench-endless-1', 'endless-tiny-chat-q8_0.gguf', path =>
    writeEndlessModel(path, fixture),
  )
  const random = await madeModel('bench-model-1', 'random-135m-q8_0.gguf', path => writeRandomModel(path, fixture))
  return [
    {
      path: endless,
      isRandom: false,
      contextSize: 2048,
      prompt: 1900,
      chat: 1800,
      embeddingPath: join(models, 'tiny-embed.gguf'),
      pooling: 'mean',
    },
    {
      path: random,
      isRandom: true,
      contextSize: 4608,
      prompt: 2000,
      chat: 4000,
      embeddingPath: random,
      pooling: 'last',
    },
  ]
}

/** A model that the bench makes for itself, once, in a folder of the cache. */
async function madeModel(folder: string, name: string, write: (path: string) => Promise<void>): Promise<string> {
  const path = join(cacheFolder(), folder, name)
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (!exists) await makeFolderOnce(dirname(path), unfinished => write(join(unfinished, name)))
  return path
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/**
 * Milliseconds between two turns: the threads of llama-server's OpenMP spin on for 200 after an answer, on cores the
 * other needs.
 */
const untilQuiet = 400

/**
 * Rounds that do not count. In the first ten V8 compiles, beside them, what it has found to run often: that takes some
 * 20 ms of a core in each, a tenth of the tiny model's answers and nothing of the other's.
 */
const warmUp = { tiny: 10, random: 1 }

/** Both servers in turns, each beginning every other round. */
async function compare(
  measure: Measure,
  ours: Server,
  theirs: Server,
  sizes: Sizes,
  uncounted: number,
): Promise<[number, number]> {
  const results = new Map<Server, number[]>([
    [ours, []],
    [theirs, []],
  ])
  for (let round = 0; round < uncounted + rounds; round++) {
    for (const server of round % 2 ? [ours, theirs] : [theirs, ours]) {
      await setTimeout(untilQuiet)
      const result = await measure.measure(server, round, sizes)
      if (round >= uncounted) results.get(server)!.push(result)
    }
  }
  return [median(results.get(ours)!), median(results.get(theirs)!)]
}

/** Compares what answers text, then what makes vectors: each needs a llama-server of its own, and its memory. */
async function compareSubject(subject: Subject, hearth: string, program: string): Promise<void> {
  const wanted = (measure: Measure) => measure.name.includes(options.only)
  const shape: Shape = { threads, slots, contextSize: subject.contextSize }
  const pairs = [
    { path: subject.path, rows: measures.filter(wanted), pooling: undefined },
    { path: subject.embeddingPath, rows: [embedding].filter(wanted), pooling: subject.pooling },
  ]
  for (const { path, rows, pooling } of pairs) {
    if (rows.length === 0) continue
    const running = await startLlamaServer(program, path, shape, pooling)
    try {
      const theirs = llamaServerModel(running.address)
      const ours = await hearthModel(hearth, path, shape)
      const sample = randomText(4)('sample', 500)
      const charactersPerToken = pooling
        ? 4
        : sample.length / (await theirs.complete({ prompt: sample, tokens: 1 })).promptTokens
      const sizes = { text: randomText(charactersPerToken), prompt: subject.prompt, chat: subject.chat, slots }
      const uncounted = warmUp[subject.isRandom ? 'random' : 'tiny']
      for (const measure of rows) {
        print(measure, ...(await compare(measure, ours, theirs, sizes, uncounted)), subject.isRandom)
      }
    } finally {
      await running.end()
    }
  }
}

const number = (value: number): string => value.toPrecision(value >= 1000 ? 4 : 3)

function print(measure: Measure, ours: number, theirs: number, isRandom: boolean): void {
  const ratio = theirs > 0 ? (ours / theirs).toFixed(3) : '–'
  const verdict = measure.isMet(ours, theirs, isRandom) ? 'met' : 'NOT MET'
  const cells = [measure.name, `${number(ours)} ${measure.unit}`, number(theirs), ratio, measure.target, verdict]
  console.log(`| ${cells.join(' | ')} |`)
}

const program = await llamaServer()
const chosen = (await subjects()).filter(({ path }) => basename(path).includes(options.model))
if (chosen.length === 0) throw new Error(`no model's file name holds “${options.model}”`)
// Each in a session of its own, as a program that a person started; it ends with this one, however that ends.
const beside = Array.from({ length: Number(options.beside) }, () =>
  spawn(process.execPath, ['-e', `while (process.ppid === ${process.pid});`], { detached: true, stdio: 'ignore' }),
)
const hearth = await startHearth(slots)
try {
  for (const subject of chosen) {
    console.log(
      `\n${basename(subject.path)}, ${threads} threads, ${slots} slots, medians of ${rounds} rounds in turns\n`,
    )
    console.log('| measure | Hearth | llama-server | ratio | target | |')
    console.log('|---|---|---|---|---|---|')
    await compareSubject(subject, hearth.address, program)
  }
} finally {
  await hearth.end()
  for (const program of beside) program.kill('SIGKILL')
}
