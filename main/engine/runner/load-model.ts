import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { GgufInsights, Llama } from 'node-llama-cpp'
import type { LoadOptions, LoadPlan, ModelInfo } from '../engine.ts'
import type { Pointer } from '../libllama/declare.ts'
import { type Libraries, librariesFolder, loadLibraries } from '../libllama/libraries.ts'
import { modelFacts, openContext, openModel } from '../libllama/model.ts'
import { Vocabulary } from '../libllama/vocabulary.ts'
import { checkGgufFile } from './gguf-file.ts'
import { contextShape, insightsOf, loadFacts } from './load-facts.ts'
import { planLoad } from './load-plan.ts'
import { loadProblem } from './load-problem.ts'
import { LlamaLog, openLlama } from './open-llama.ts'
import { TextThread } from './text-thread.ts'
import { type CpuTimes, firstThreads, readCpuTimes } from './thread-tuner.ts'

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
  /** What the machine had done before the long work, so that it is known by its end what else is busy. */
  readonly since: CpuTimes
  readonly onProgress: (fraction: number) => void
}

/**
 * Opens llama.cpp, plans with the memory there is, and lets `open` make the rest. node-llama-cpp finds the GPU, loads
 * its backend and reckons; the model itself is opened with the same libraries by their own functions.
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
    const insights = await insightsOf(llama, options.modelPath)
    const plan = await planLoad(options, await loadFacts(llama, options, insights))
    onPlanned(plan)
    const folder = await librariesFolder(llama.gpu)
    const libraries = loadLibraries(folder)
    return await open({ llama, libraries, folder, options, plan, insights, since, onProgress })
  } catch (error) {
    // llama.cpp's log comes through a queue of its own, a little later than the error it explains.
    await setTimeout(50)
    // One that was deleted meanwhile is not damaged, but gone.
    await checkGgufFile(options.modelPath)
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
      contextSize: contextSize * sequences,
      sequences,
      embeddings: false,
      threads: most,
      flashAttention: options.flashAttention,
      adapterPaths: options.adapterPaths,
    })
    const memory = { window: insights.swaSize, recurrent: insights.isRecurrent || insights.isHybrid }
    const data = { libraries: folder, model, context, slots: sequences, memory }
    const cpu = isOffloaded(plan, insights) ? undefined : { most, first: firstThreads(most, since) }
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
  const { modelPath, preTokenizer, useMmap } = options
  return openModel(libraries, { modelPath, preTokenizer, useMmap, gpuLayers: plan.gpuLayers, onProgress })
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
