import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Llama } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { LoadOptions } from '../engine.ts'
import { freeMemory, insightsOf, loadFacts } from '../runner/load-facts.ts'
import { type FreeMemory, type LoadFacts, planLoad } from '../runner/load-plan.ts'
import { loadProblem } from '../runner/load-problem.ts'
import { LlamaLog, openLlama } from '../runner/open-llama.ts'
import type { Forecast, ForecastJob, HeldMemory, LoadForecast, Machine } from '../tool-engine.ts'
import { writeTranslatedHeader } from './translate/translate.ts'
import { withHeld } from './with-held.ts'

/** How a chat loads a model that nobody configured (main/inference/load-options.ts). */
const usual = {
  adapterPaths: [],
  contextSize: 'auto',
  leastContextSize: 2048,
  slots: 1,
  batchSize: 512,
  gpuLayers: 'auto',
  threads: 0,
} as const satisfies Partial<LoadOptions>

/**
 * What loading a model would take here, by the header of its file; its weights need not be there.
 * @throws Problem `unsupported-architecture`, `broken-model-file`
 */
export async function forecast({ path, held = nothingHeld }: ForecastJob): Promise<Forecast> {
  const log = new LlamaLog()
  const llama = await openLlama(true, log)
  const free = withHeld(await freeMemory(llama, 0), held, totalmem())
  const machine: Machine = { ...free, vram: Math.max(0, free.vram), totalRam: totalmem() }
  if (path === undefined) return { machine }
  const folder = await mkdtemp(join(tmpdir(), 'hearth-forecast-'))
  try {
    // A file made for Ollama's own engine is read by its translation.
    const translated = join(folder, 'model.gguf')
    const modelPath = (await writeTranslatedHeader(path, translated)) ? translated : path
    const load = await loadForecast(llama, { ...usual, modelPath }, free)
    // llama.cpp's log comes through a queue of its own.
    await setTimeout(50)
    // The estimate goes on without llama.cpp where that refuses the model, and loading will not.
    const refused = log.lines.find(line => line.includes('error loading model'))
    if (refused !== undefined) throw new Error(refused)
    return { machine, load }
  } catch (error) {
    throw loadProblem(error, log.lines)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function loadForecast(llama: Llama, options: LoadOptions, free: FreeMemory): Promise<LoadForecast> {
  const facts = { ...(await loadFacts(llama, options, await insightsOf(llama, options.modelPath))), free }
  const endless = { ...free, ram: Number.POSITIVE_INFINITY, vram: Number.POSITIVE_INFINITY }
  const wanted = await planLoad(options, { ...facts, free: endless })
  const given = await planOrNothing(options, facts)
  return {
    needed: { ram: wanted.ramBytes, vram: wanted.vramBytes },
    layers: facts.layers,
    asked: wanted.contextSize,
    contextSize: given?.contextSize ?? 0,
    gpuLayers: given?.gpuLayers ?? 0,
  }
}

async function planOrNothing(options: LoadOptions, facts: LoadFacts) {
  try {
    return await planLoad(options, facts)
  } catch (error) {
    if (error instanceof Problem && error.code === 'out-of-memory') return undefined
    throw error
  }
}

const nothingHeld: HeldMemory = { ram: 0, vram: 0 }
