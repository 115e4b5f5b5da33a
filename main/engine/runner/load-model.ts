import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { GgmlType, type GgufFileInfo, GgufInsights, type Llama, readGgufFileInfo } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { LoadOptions, LoadPlan, LoadShape, ModelInfo } from '../engine.ts'
import type { Pointer } from '../libllama/declare.ts'
import { type Libraries, librariesFolder, loadLibraries } from '../libllama/libraries.ts'
import { modelFacts, openContext, openModel } from '../libllama/model.ts'
import { Vocabulary } from '../libllama/vocabulary.ts'
import { availableRam } from './available-ram.ts'
import { type CpuTimes, readCpuTimes } from './cpu-share.ts'
import { checkGgufFile } from './gguf-file.ts'
import { type FreeMemory, planLoad } from './load-plan.ts'
import { loadProblem } from './load-problem.ts'
import { LlamaLog, openLlama } from './open-llama.ts'
import { TextThread } from './text-thread.ts'

export interface LoadedModel {
  readonly info: ModelInfo
  /** Kept, as it owns the backends. */
  readonly llama: Llama
  readonly libraries: Libraries
  readonly vocabulary: Vocabulary
  readonly thread: TextThread
}

/** Where the thread that answers comes from, and who hears it. */
export interface ThreadSource {
  readonly path: string
  readonly onMessage: ConstructorParameters<typeof TextThread>[1]
}

/** Most tokens of one embedding batch; a model that pools over the whole text needs it in one (upstream llm/server.go). */
const embeddingBatch = 2048

/** Tokens of all slots together: three times the largest context any model has; estimating more takes minutes. */
const mostCells = 2 ** 25

export interface LoadListener {
  onPlanned(plan: LoadPlan): void
  /** Fraction 0..1 of the weights read. */
  onProgress(fraction: number): void
}

/** What a model is opened with once its plan stands. */
export interface Opening {
  readonly llama: Llama
  readonly libraries: Libraries
  readonly folder: string
  readonly options: LoadOptions
  readonly plan: LoadPlan
  readonly insights: GgufInsights
  /** What the machine had done before the long work, so that it is known by the first question what is busy. */
  readonly since: CpuTimes
  readonly onProgress: (fraction: number) => void
}

/**
 * Opens llama.cpp, plans with the memory there is, and lets `open` make the rest. node-llama-cpp finds the GPU, loads its
 * backend and reckons; the model itself is opened with the same libraries by their own functions.
 * @throws Problem `broken-model-file`, `unsupported-architecture`, `out-of-memory`, `model-not-found`
 */
export async function opening<T>(
  options: LoadOptions,
  { onPlanned, onProgress }: LoadListener,
  open: (opening: Opening) => Promise<T>,
): Promise<T> {
  await checkGgufFile(options.modelPath)
  const since = readCpuTimes()
  const log = new LlamaLog()
  const llama = await openLlama(options.gpuLayers !== 0, log)
  try {
    const file = await readGgufFileInfo(options.modelPath, { sourceType: 'filesystem', logWarnings: false })
    const insights = await GgufInsights.from(file, llama)
    checkKind(insights, file)
    const plan = await planFor(llama, options, insights)
    onPlanned(plan)
    const folder = await librariesFolder(llama.gpu)
    const libraries = loadLibraries(folder)
    return await open({ llama, libraries, folder, options, plan, insights, since, onProgress })
  } catch (error) {
    // llama.cpp's log comes through a queue of its own, a little later than the error it explains.
    await setTimeout(50)
    throw loadProblem(error, log.lines)
  }
}

/** Reads the weights of a model that answers with text and starts the thread that does. @throws as `opening` does */
export function loadModel(options: LoadOptions, listener: LoadListener, source: ThreadSource): Promise<LoadedModel> {
  const thread = new TextThread(source.path, source.onMessage)
  return opening(options, listener, async opened => {
    const { llama, libraries, folder, plan, insights, since } = opened
    const model = await weights(opened)
    const vocabulary = new Vocabulary(libraries.llama, model)
    const { contextSize, sequences, ...shape } = contextShape(options, plan)
    const most = mostThreads(llama, options)
    const context = await openContext(libraries, model, {
      ...shape,
      ...{ contextSize: contextSize * sequences, sequences, embeddings: false, threads: most },
      flashAttention: options.flashAttention,
      adapterPaths: options.adapterPaths,
    })
    const memory = { window: insights.swaSize, recurrent: insights.isRecurrent || insights.isHybrid }
    const data = { libraries: folder, model, context, slots: sequences, memory }
    const cpu = isOffloaded(plan, insights) ? undefined : { most, since }
    const held = await thread.open({ ...data, cpu })
    const info = {
      ...vocabularyInfo(insights, vocabulary),
      trainedContextSize: modelFacts(libraries, model).trainedContextSize,
      contextSize: held,
      slots: sequences,
      embeddingSize: modelFacts(libraries, model).width,
      ramBytes: plan.ramBytes,
      vramBytes: plan.vramBytes,
      gpuLayers: plan.gpuLayers,
    }
    return { info, llama, libraries, vocabulary, thread }
  })
}

/** Reads a planned model's weights. */
export function weights({ libraries, options, plan, onProgress }: Opening): Promise<Pointer> {
  const { modelPath, useMmap } = options
  return openModel(libraries, { modelPath, useMmap, gpuLayers: plan.gpuLayers, onProgress })
}

/** The plan by llama.cpp's own estimates: Linux grants more memory than it has and kills when it is used. */
async function planFor(llama: Llama, options: LoadOptions, insights: GgufInsights): Promise<LoadPlan> {
  const { useMmap } = options
  const estimate = async (shape: LoadShape) => {
    const { kvCacheType, ...context } = contextShape(options, shape)
    if (shape.contextSize * context.sequences > mostCells) return { ram: Number.POSITIVE_INFINITY, vram: 0 }
    const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers: shape.gpuLayers, useMmap })
    const state = await insights.estimateContextResourceRequirementsV2({
      ...context,
      modelGpuLayers: shape.gpuLayers,
      isEmbeddingContext: options.embeddings,
      flashAttention: options.flashAttention ?? 'auto',
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
    kvCacheType: { f16: GgmlType.F16, q8_0: GgmlType.Q8_0, q4_0: GgmlType.Q4_0 }[options.kvCacheType ?? 'f16'],
  }
}

/** @throws Problem `unsupported-architecture` for a model of a kind that Hearth has no use for */
function checkKind({ hasEncoder, hasDecoder }: GgufInsights, { metadata }: GgufFileInfo): void {
  if (!hasEncoder || !hasDecoder) return
  const { architecture } = metadata.general
  const text = `unable to load model: ${architecture} models translate between two texts and cannot chat`
  throw new Problem('unsupported-architecture', 500, text)
}

/**
 * The cores good for computing, or as many as asked for, but never more than this process may use: the surplus threads
 * would spin while the others wait for a core (measured with three threads on two cores: two seconds a token).
 */
export function mostThreads(llama: Llama, { threads }: LoadOptions): number {
  return Math.max(1, Math.min(threads > 0 ? threads : llama.cpuMathCores, availableParallelism()))
}

/** The GPU does all the work. */
export function isOffloaded({ gpuLayers }: LoadPlan, { totalLayers }: GgufInsights): boolean {
  return gpuLayers >= totalLayers
}

/** What is told of a model's tokens, and which kind of model it is. */
export function vocabularyInfo({ ggufFileInfo }: GgufInsights, vocabulary: Vocabulary) {
  const { bos, eos } = vocabulary
  return {
    architecture: ggufFileInfo.metadata.general.architecture,
    vocabularySize: vocabulary.size,
    addsBos: vocabulary.addsBos,
    ...(bos === undefined ? {} : { bosToken: vocabulary.storedText(bos) }),
    ...(eos === undefined ? {} : { eosToken: vocabulary.storedText(eos) }),
  }
}
