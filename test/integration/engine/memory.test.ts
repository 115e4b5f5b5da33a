import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine, LoadPlan } from '../../../main/engine/engine.ts'
import { forkEngine } from '../../../main/engine/fork.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'
import { answer, ask, chatModel, chatPrompt, engineEntry, startEngine as start } from './engine.ts'

const mebibyte = 2 ** 20

/** Engines whose processes may not take more than so many bytes (setrlimit). */
function starterWithin(limit: 'data' | 'as', bytes: number, entry = engineEntry) {
  const fork = forkEngine(entry)
  return createEngineStarter(() => {
    const engine = fork()
    execFileSync('prlimit', ['--pid', String(engine.pid), `--${limit}=${bytes}`])
    return engine
  })
}

/** Bytes of private memory a process has asked for. */
function dataBytes({ pid }: Engine): number {
  const [, kibibytes] = /^VmData:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

/** Node's two threads reserve 1.7 GiB of addresses; this leaves room for a model, and not for the large context. */
const addressSpace = 2300 * mebibyte

/** Its context takes 1.2 GiB. */
const large = { ...chatModel, contextSize: 2 ** 18 }
const capital = ask(chatPrompt('What is the capital of France?'))

describe('an engine short of memory', () => {
  it('plans a shorter context from the limit it runs under, answers, and says what it gave up', async () => {
    const plans: LoadPlan[] = []
    const start = starterWithin('data', 1024 * mebibyte)
    const engine = await start({ ...large, leastContextSize: 2048 }, { onPlanned: plan => plans.push(plan) })
    try {
      const [plan] = plans
      expect(plans).toHaveLength(1)
      expect(plan!.contextSize).toBeGreaterThan(2048)
      expect(plan!.contextSize).toBeLessThan(large.contextSize)
      expect(engine.steppedDown).toEqual({
        asked: { contextSize: large.contextSize, gpuLayers: 0 },
        given: { contextSize: plan!.contextSize, gpuLayers: 0 },
      })
      expect(engine.info.contextSize).toBe(plan!.contextSize)
      expect((await answer(engine, capital)).text).toContain('Paris')
    } finally {
      await engine.dispose()
    }
  })

  it('takes what was planned: an estimate that is wrong makes every plan wrong', async () => {
    const engines = [await start({ ...chatModel, contextSize: 2 ** 16 }), await start(chatModel)] as const
    try {
      const [taken, planned] = [engines.map(dataBytes), engines.map(({ info }) => info.ramBytes)] as const
      expect((taken[0]! - taken[1]!) / (planned[0]! - planned[1]!)).toBeCloseTo(1, 1)
    } finally {
      await Promise.all(engines.map(engine => engine.dispose()))
    }
  })

  it('is started again with less where its plan did not know of a limit and llama.cpp fails', async () => {
    const plans: LoadPlan[] = []
    const start = starterWithin('as', addressSpace)
    const engine = await start({ ...large, leastContextSize: 2048 }, { onPlanned: plan => plans.push(plan) })
    try {
      expect(plans.length).toBeGreaterThan(1)
      expect(engine.steppedDown!.given.contextSize).toBe(plans.at(-1)!.contextSize)
      expect((await answer(engine, capital)).text).toContain('Paris')
    } finally {
      await engine.dispose()
    }
  })

  it.each(['data', 'as'] as const)('refuses a context that was named, in words (%s)', async limit => {
    const start = starterWithin(limit, limit === 'data' ? 1024 * mebibyte : addressSpace)
    await expect(start({ ...large, leastContextSize: large.contextSize })).rejects.toMatchObject({
      code: 'out-of-memory',
      status: 500,
      message: expect.stringMatching(
        /^(model requires more system memory \(1\.\d GiB\)|unable to load model: (not enough|.*ulimit))/,
      ),
    })
  })

  // It was told as a crash of the program, and nobody knew to look for the limit.
  it('names the limit where the process ends without a word', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engine-limited-'))
    const entry = join(folder, 'ends.mjs')
    await writeFile(entry, "process.once('message', () => process.exit(1))")
    try {
      await expect(starterWithin('as', 2 ** 40, entry)(chatModel)).rejects.toMatchObject({
        code: 'out-of-memory',
        message: expect.stringContaining('ulimit'),
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
