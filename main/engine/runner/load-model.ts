import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import {
  GgmlType,
  GgufInsights,
  type Llama,
  type LlamaContext,
  type LlamaModel,
  readGgufFileInfo,
} from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { LoadOptions, LoadPlan, LoadShape, ModelInfo } from '../engine.ts'
import { availableRam } from './available-ram.ts'
import { CpuShare } from './cpu-share.ts'
import { checkGgufFile } from './gguf-file.ts'
import { type NativeModel, type NativeParts, nativeParts } from './llama-addon.ts'
import { type FreeMemory, planLoad } from './load-plan.ts'
import { loadProblem } from './load-problem.ts'
import { LlamaLog, openLlama } from './open-llama.ts'
import type { MemoryKind } from './sequence-cache.ts'
import { Vocabulary } from './vocabulary.ts'

export interface LoadedModel {
  readonly info: ModelInfo
  readonly llama: Llama
  readonly model: LlamaModel
  readonly context: LlamaContext
  readonly parts: NativeParts
  readonly vocabulary: Vocabulary
  readonly memory: MemoryKind
  /** Undefined where the GPU does the work. */
  readonly cpu: CpuShare | undefined
}

/** Most tokens of one embedding batch; a model that pools over the whole text needs it in one (upstream llm/server.go). */
const embeddingBatch = 2048

/** Tokens of all slots together: three times the largest context any model has; estimating more takes minutes. */
const mostCells = 2 ** 25

/** Architectures whose positions llama.cpp cannot move, beside those that `memoryKind` recognises by their metadata. */
const unshiftable = new Set<string>(['deepseek2', 'step35'])

export interface LoadListener {
  onPlanned(plan: LoadPlan): void
  /** Fraction 0..1 of the weights read. */
  onProgress(fraction: number): void
}

/** What a model is opened with once its plan stands. */
export interface Opening {
  readonly llama: Llama
  readonly options: LoadOptions
  readonly plan: LoadPlan
  readonly cpu: CpuShare
  readonly onProgress: (fraction: number) => void
}

/**
 * Opens llama.cpp, plans with the memory there is, and lets `open` make the rest.
 * @throws Problem `broken-model-file`, `unsupported-architecture`, `out-of-memory`, `model-not-found`
 */
export async function opening<T>(
  options: LoadOptions,
  { onPlanned, onProgress }: LoadListener,
  open: (opening: Opening) => Promise<T>,
): Promise<T> {
  await checkGgufFile(options.modelPath)
  const log = new LlamaLog()
  const llama = await openLlama(options.gpuLayers !== 0, log)
  // Begun before the long work, so that it has looked at the machine by the first question.
  const cpu = new CpuShare(mostThreads(llama, options))
  try {
    const plan = await planFor(llama, options)
    onPlanned(plan)
    return await open({ llama, options, plan, cpu, onProgress })
  } catch (error) {
    // llama.cpp's log comes through a queue of its own, a little later than the error it explains.
    await setTimeout(50)
    throw loadProblem(error, log.lines)
  }
}

/** Reads the weights of a model that answers with text and makes its context. @throws as `opening` does */
export function loadModel(options: LoadOptions, listener: LoadListener): Promise<LoadedModel> {
  return opening(options, listener, async ({ llama, plan, cpu, onProgress }) => {
    const model = await openModel(llama, options, plan, onProgress)
    const context = await openContext(llama, model, options, plan)
    const parts = nativeParts(llama, model, context)
    const loaded = {
      llama,
      model,
      context,
      parts,
      vocabulary: new Vocabulary(model, parts.model),
      memory: memoryKind(model),
      cpu: offloaded(model) ? undefined : cpu,
      info: modelInfo(model, context, parts),
    }
    await warmUp(loaded)
    return loaded
  })
}

/** The plan by llama.cpp's own estimates: Linux grants more memory than it has and kills when it is used. */
async function planFor(llama: Llama, options: LoadOptions): Promise<LoadPlan> {
  const { modelPath, useMmap } = options
  const fileInfo = await readGgufFileInfo(modelPath, { sourceType: 'filesystem', logWarnings: false })
  const insights = await GgufInsights.from(fileInfo, llama)
  const estimate = async (shape: LoadShape) => {
    const { flashAttention, kvCacheType, ...context } = contextShape(options, shape)
    if (shape.contextSize * context.sequences > mostCells) return { ram: Number.POSITIVE_INFINITY, vram: 0 }
    const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers: shape.gpuLayers, useMmap })
    const state = await insights.estimateContextResourceRequirementsV2({
      ...context,
      modelGpuLayers: shape.gpuLayers,
      isEmbeddingContext: options.embeddings,
      flashAttention,
      kvCacheKeyType: kvCacheType,
      kvCacheValueType: kvCacheType,
      useMmap,
    })
    return { ram: weights.cpuRam + state.cpuRam, vram: weights.gpuVram + state.gpuVram }
  }
  return planLoad(options, {
    layers: llama.gpu === false ? 0 : insights.totalLayers,
    trainedContextSize: insights.trainContextSize ?? 0,
    free: await freeMemory(llama, options.gpuOverhead ?? 0),
    estimate,
  })
}

/** @param gpuOverhead bytes of each GPU that are left alone */
async function freeMemory(llama: Llama, gpuOverhead: number): Promise<FreeMemory> {
  const { total, free, unifiedSize } = await llama.getVramState()
  const gpus = llama.gpu === false ? 0 : (await llama.getGpuDeviceNames()).length
  return {
    ram: await freeRam(llama),
    vram: free - llama.vramPaddingSize - gpuOverhead * gpus,
    isUnified: unifiedSize > 0,
    totalVram: total,
  }
}

/** macOS makes its swap as it needs it, so there only what cannot be swapped counts as taken. */
async function freeRam(llama: Llama): Promise<number> {
  if (process.platform === 'darwin') {
    const { total, wired } = await llama.getRamState()
    return total - wired
  }
  const swap = await llama.getSwapState()
  return availableRam(Math.max(0, swap.maxSize - swap.used))
}

/** What both the estimate and the context itself are made from. */
export function contextShape(options: LoadOptions, { contextSize }: LoadShape) {
  const sequences = options.embeddings ? 1 : options.slots
  return {
    contextSize,
    sequences,
    batchSize: options.embeddings
      ? Math.min(contextSize, Math.max(options.batchSize, embeddingBatch))
      : // Each slot's next token has to find room.
        Math.max(sequences, Math.min(options.batchSize, contextSize * sequences)),
    flashAttention: options.flashAttention ?? ('auto' as const),
    kvCacheType: { f16: GgmlType.F16, q8_0: GgmlType.Q8_0, q4_0: GgmlType.Q4_0 }[options.kvCacheType ?? 'f16'],
  }
}

async function openModel(
  llama: Llama,
  { modelPath, useMmap, flashAttention }: LoadOptions,
  { gpuLayers }: LoadPlan,
  onLoadProgress: (fraction: number) => void,
): Promise<LlamaModel> {
  const model = await llama.loadModel({
    modelPath,
    gpuLayers,
    ...(useMmap === undefined ? {} : { useMmap }),
    defaultContextFlashAttention: flashAttention ?? 'auto',
    // The plan has looked at the memory.
    ignoreMemorySafetyChecks: true,
    onLoadProgress,
  })
  checkKind(model)
  return model
}

/** @throws Problem `unsupported-architecture` for a model of a kind that Hearth has no use for */
export function checkKind({ fileInsights, architecture }: LlamaModel): void {
  if (!fileInsights.hasEncoder || !fileInsights.hasDecoder) return
  const text = `unable to load model: ${architecture} models translate between two texts and cannot chat`
  throw new Problem('unsupported-architecture', 500, text)
}

function openContext(llama: Llama, model: LlamaModel, options: LoadOptions, plan: LoadPlan): Promise<LlamaContext> {
  const { kvCacheType, ...shape } = contextShape(options, plan)
  return model.createContext({
    ...shape,
    threads: mostThreads(llama, options),
    failedCreationRemedy: false,
    ignoreMemorySafetyChecks: true,
    experimentalKvCacheKeyType: kvCacheType,
    experimentalKvCacheValueType: kvCacheType,
    lora: { adapters: options.adapterPaths.map(filePath => ({ filePath, scale: 1 })) },
  })
}

/**
 * The cores good for computing, or as many as asked for, but never more than this process may use: the surplus threads
 * would spin while the others wait for a core (measured with three threads on two cores: two seconds a token).
 */
export function mostThreads(llama: Llama, { threads }: LoadOptions): number {
  return Math.max(1, Math.min(threads > 0 ? threads : llama.cpuMathCores, availableParallelism()))
}

export function offloaded(model: LlamaModel): boolean {
  return model.gpuLayers >= model.fileInsights.totalLayers
}

function memoryKind(model: LlamaModel): MemoryKind {
  const { fileInsights, fileInfo } = model
  const window = fileInsights.swaSize
  const rope = fileInfo.architectureMetadata.rope as { dimension_sections?: unknown } | undefined
  const remembersByPosition = !fileInsights.isRecurrent && !fileInsights.isHybrid && window === undefined
  return {
    window,
    shiftable: remembersByPosition && !rope?.dimension_sections && !unshiftable.has(model.architecture),
  }
}

function modelInfo(model: LlamaModel, context: LlamaContext, parts: NativeParts): ModelInfo {
  const weights = parts.model.getMemoryBreakdown()
  const state = parts.context.getMemoryBreakdown()
  return {
    ...vocabularyInfo(model, parts.model),
    trainedContextSize: model.trainContextSize,
    contextSize: context.contextSize,
    slots: context.totalSequences,
    embeddingSize: model.embeddingVectorSize,
    ramBytes: weights.cpuRam + state.cpuRam,
    vramBytes: weights.gpuVram + state.gpuVram,
    gpuLayers: model.gpuLayers,
  }
}

/** What is known of a model without its weights. */
export function vocabularyInfo(model: LlamaModel, native: NativeModel) {
  const { bosString, eosString } = model.tokens
  return {
    architecture: model.architecture,
    vocabularySize: model.fileInfo.metadata.tokenizer.ggml.tokens.length,
    addsBos: native.shouldPrependBosToken(),
    ...(bosString === null ? {} : { bosToken: bosString }),
    ...(eosString === null ? {} : { eosToken: eosString }),
  }
}

/** One token through the model reads the weights into memory, so that the first question does not wait for the disk. */
async function warmUp({ parts, model }: Pick<LoadedModel, 'parts' | 'model'>): Promise<void> {
  parts.context.initBatch(1)
  parts.context.addToBatch(0, 0, Uint32Array.of(model.tokens.bos ?? model.tokens.eos ?? 0), Uint32Array.of(0))
  await parts.context.decodeBatch()
  parts.context.disposeSequence(0)
}
