import { closeSync, openSync } from 'node:fs'
import { availableParallelism, devNull, totalmem } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Problem } from '../../problem.ts'
import type { LoadOptions, LoadPlan, ModelInfo } from '../engine.ts'
import { mayUse } from '../gpu-backends.ts'
import { availableRam } from '../runner/available-ram.ts'
import { checkGgufFile } from '../runner/gguf-file.ts'
import type { LoadListener } from '../runner/load-model.ts'
import { planLoad } from '../runner/load-plan.ts'
import { complete, graphicsMemory, isStuck, type NativeLlama, type NativeModel, nativeLlama } from './llama-node.ts'
import { type ModelFacts, modelFacts } from './model-facts.ts'
import { readAhead } from './read-ahead.ts'
import { nativeSampling } from './sampling.ts'

export interface MultimodalModel {
  /** Another one after `reopen`. */
  readonly native: NativeModel
  readonly facts: ModelFacts
  readonly info: ModelInfo & { readonly media: NonNullable<ModelInfo['media']> }
  /** Replaces the binding's object after it got stuck (see `complete`); the weights are still in memory. */
  reopen(): Promise<void>
}

/** The part of a load that is told as it goes on; the rest is the binding's, which tells nothing before it is done. */
const readingShare = 0.9

/** Bytes of one number in the context. */
const bytesOf = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 } as const

/**
 * Reads weights and projector and makes the context. Where the binding's constructor fails it takes the process with
 * it; main then tells from the log why (start-engine.ts).
 * @throws Problem `broken-model-file`, `out-of-memory`, `model-not-found`
 */
export async function loadMultimodal(
  options: LoadOptions & { readonly projectorPath: string },
  { onPlanned, onProgress }: LoadListener,
): Promise<MultimodalModel> {
  const weightBytes = (await checkGgufFile(options.modelPath)) + (await checkGgufFile(options.projectorPath))
  const facts = await modelFacts(options.modelPath)
  keepFromOtherPrograms()
  const wantsGpu = options.gpuLayers !== 0 && mayUse(process.platform === 'darwin' ? 'metal' : 'vulkan', process.env)
  const llama = nativeLlama(wantsGpu)
  const plan = await planFor(options, facts, weightBytes, wantsGpu ? graphicsMemory(llama) : undefined)
  onPlanned(plan)
  await readAhead([options.modelPath, options.projectorPath], fraction => onProgress(fraction * readingShare))
  const gpu = plan.gpuLayers > 0
  const open = () => {
    const opened = new llama(nativeOptions(options, facts, plan))
    initProjector(opened, options.projectorPath, gpu)
    return opened
  }
  let native: NativeModel | undefined = open()
  const reopen = async () => {
    native = undefined
    await collectGarbage()
    native = open()
  }
  let addsBos: boolean | undefined
  while (addsBos === undefined) {
    addsBos = await warmUp(native).catch(async error => {
      if (!isStuck(error)) throw error
      await reopen()
      return undefined
    })
  }
  silence(llama)
  const media = native.getMultimodalSupport()
  const { nEmbd } = native.getModelInfo()
  return {
    get native() {
      if (!native) throw new Problem('internal', 500, 'the model could not be opened again')
      return native
    },
    reopen,
    facts,
    info: {
      architecture: facts.architecture,
      trainedContextSize: facts.trainedContextSize,
      contextSize: plan.contextSize,
      slots: 1,
      vocabularySize: facts.vocabularySize,
      embeddingSize: nEmbd,
      addsBos,
      ...(facts.bos ? { bosToken: facts.bos.text } : {}),
      ...(facts.eosText === undefined ? {} : { eosToken: facts.eosText }),
      ramBytes: plan.ramBytes,
      vramBytes: plan.vramBytes,
      gpuLayers: plan.gpuLayers,
      media: { vision: media.vision, audio: media.audio },
    },
  }
}

/** Weights and context count as spread evenly over the layers; the projector goes where they go. */
function planFor(
  options: LoadOptions,
  { cachedNumbers, layers, trainedContextSize }: ModelFacts,
  weightBytes: number,
  totalVram: number | undefined,
): Promise<LoadPlan> {
  const overhead = options.gpuOverhead ?? 0
  return planLoad(options, {
    layers: totalVram === undefined ? 0 : layers,
    trainedContextSize,
    // The binding tells how much memory a GPU has, not how much of it is free; what fails is tried again on the CPU.
    free: {
      ram: process.platform === 'darwin' ? totalmem() : availableRam(0),
      vram: (totalVram ?? 0) - overhead,
      isUnified: false,
      totalVram: totalVram ?? 0,
    },
    estimate: async ({ contextSize, gpuLayers }) => {
      const bytes = weightBytes + Math.ceil(cachedNumbers * contextSize * bytesOf[options.kvCacheType ?? 'f16'])
      const share = layers === 0 ? 0 : gpuLayers / layers
      return { ram: bytes * (1 - share), vram: bytes * share }
    },
  })
}

function nativeOptions(
  options: LoadOptions,
  { layers }: ModelFacts,
  plan: LoadPlan,
): ConstructorParameters<NativeLlama>[0] {
  const { flashAttention, kvCacheType = 'f16', useMmap } = options
  const batchSize = Math.min(options.batchSize, plan.contextSize)
  return {
    model: options.modelPath,
    n_ctx: plan.contextSize,
    n_batch: batchSize,
    n_ubatch: batchSize,
    n_parallel: 1,
    n_threads: threads(options),
    // -1 is the output layer as well, which does not count among the others.
    n_gpu_layers: plan.gpuLayers === layers ? -1 : plan.gpuLayers,
    ...(useMmap === undefined ? {} : { use_mmap: useMmap }),
    flash_attn_type: flashAttention === undefined ? 'auto' : flashAttention ? 'on' : 'off',
    cache_type_k: kvCacheType,
    cache_type_v: kvCacheType,
    ctx_shift: false,
    lora_list: options.adapterPaths.map(path => ({ path, scaled: 1 })),
  }
}

/**
 * Frees the memory of a dropped model. The binding does so when its object is collected; `release` of one that is stuck
 * would write into memory that is given back already.
 */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  // The native part goes after the collection.
  await setImmediate()
}

/** Two threads on one core compute no faster than one; small machines count cores, large ones threads. */
function threads({ threads }: LoadOptions): number {
  const most = availableParallelism()
  return Math.min(most, threads > 0 ? threads : Math.max(4, Math.floor(most / 2)))
}

/** mtmd would start ffprobe and ffmpeg on bytes it cannot read as a picture, taking them for a film. */
function keepFromOtherPrograms(): void {
  process.env.PATH = devNull
}

function initProjector(native: NativeModel, path: string, gpu: boolean): void {
  try {
    native.initMultimodal({ path, use_gpu: gpu })
  } catch (error) {
    const text = 'unable to load model: its projector is damaged or belongs to another model'
    throw new Problem('broken-model-file', 500, text, `${path}: ${(error as Error).message}`)
  }
}

/**
 * One token through the model reads the weights into memory. On the way it shows whether a beginning-of-sequence token
 * is put in front of a prompt.
 */
async function warmUp(native: NativeModel): Promise<boolean> {
  const prompt = 'x'
  const request = { prompt, media_paths: [], n_probs: 0, ...nativeSampling(greedy, 0) }
  const counted = await complete(native, { ...request, n_predict: 0 }, () => {})
  native.clearCache()
  await complete(native, { ...request, n_predict: 1 }, () => {})
  native.clearCache()
  return counted.tokens_evaluated > (await native.tokenize(prompt)).tokens.length
}

const greedy = {
  temperature: 0,
  topK: 1,
  topP: 1,
  minP: 0,
  typicalP: 1,
  repeatPenalty: 1,
  repeatLastN: 0,
  presencePenalty: 0,
  frequencyPenalty: 0,
}

/** From here on the binding would print every prompt on stdout; a crash still tells its cause on stderr. */
function silence(llama: NativeLlama): void {
  llama.toggleNativeLog(true, (level, text) => {
    if (level === 'warn' || level === 'error') process.stderr.write(text)
  })
  closeSync(1)
  openSync(devNull, 'w')
}
