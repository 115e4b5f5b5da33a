import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { GgmlType, type Llama, type LlamaContext, type LlamaModel } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { LoadOptions, ModelInfo } from '../engine.ts'
import { CpuShare } from './cpu-share.ts'
import { checkGgufFile } from './gguf-file.ts'
import { forEmbeddings, type NativeParts, nativeParts } from './llama-addon.ts'
import { loadProblem } from './load-problem.ts'
import { availableMemory, requireMemory } from './memory.ts'
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
const tooLarge = 'unable to load model: the context is too large'

/** Architectures whose positions llama.cpp cannot move, beside those that `memoryKind` recognises by their metadata. */
const unshiftable = new Set<string>(['deepseek2', 'step35'])

/**
 * Opens llama.cpp, reads the weights and makes the context.
 * @param onProgress fraction 0..1 of the weights read
 * @throws Problem `broken-model-file`, `unsupported-architecture`, `out-of-memory`, `model-not-found`
 */
export async function loadModel(options: LoadOptions, onProgress: (fraction: number) => void): Promise<LoadedModel> {
  const fileSize = await checkGgufFile(options.modelPath)
  const log = new LlamaLog()
  const llama = await openLlama(options.gpuLayers !== 0, log)
  // Begun before the long work, so that it has looked at the machine by the first question.
  const cpu = new CpuShare(mostThreads(llama, options))
  // With a GPU the library fits the layers to its memory, and the rest is mapped from the file.
  if (llama.gpu === false) requireMemory(fileSize, await availableMemory(llama), 'weights')
  try {
    const model = await openModel(llama, options, onProgress)
    if (model.fileInsights.hasEncoder && model.fileInsights.hasDecoder) {
      const text = `unable to load model: ${model.architecture} models translate between two texts and cannot chat`
      throw new Problem('unsupported-architecture', 500, text)
    }
    const context = await openContext(llama, model, options)
    const parts = nativeParts(llama, model, context)
    const loaded = {
      llama,
      model,
      context,
      parts,
      vocabulary: new Vocabulary(model, parts.model),
      memory: memoryKind(model),
      cpu: offloaded(model) ? undefined : cpu,
      info: modelInfo(model, context, parts, options),
    }
    await warmUp(loaded)
    return loaded
  } catch (error) {
    // llama.cpp's log comes through a queue of its own, a little later than the error it explains.
    await setTimeout(50)
    throw loadProblem(error, log.lines)
  }
}

function openModel(llama: Llama, options: LoadOptions, onProgress: (fraction: number) => void): Promise<LlamaModel> {
  const wholeContext = options.contextSize * options.slots
  return llama.loadModel({
    modelPath: options.modelPath,
    gpuLayers:
      options.gpuLayers === 'auto'
        ? { fitContext: { contextSize: wholeContext, embeddingContext: options.embeddings } }
        : options.gpuLayers,
    ...(options.useMmap === undefined ? {} : { useMmap: options.useMmap }),
    defaultContextFlashAttention: options.flashAttention ?? 'auto',
    onLoadProgress: onProgress,
  })
}

/** Memory is compared with llama.cpp's own estimate first: Linux grants more than it has and kills when it is used. */
async function openContext(llama: Llama, model: LlamaModel, options: LoadOptions): Promise<LlamaContext> {
  const kvCacheType = { f16: GgmlType.F16, q8_0: GgmlType.Q8_0, q4_0: GgmlType.Q4_0 }[options.kvCacheType ?? 'f16']
  const sequences = options.embeddings ? 1 : options.slots
  const batchSize = options.embeddings
    ? Math.min(options.contextSize, Math.max(options.batchSize, embeddingBatch))
    : Math.min(options.batchSize, options.contextSize * sequences)
  const shape = { contextSize: options.contextSize, sequences, batchSize }
  const details = `context of ${options.contextSize} tokens in ${sequences} slots`
  if (options.contextSize * sequences > mostCells) throw new Problem('out-of-memory', 500, tooLarge, details)
  const estimate = await model.fileInsights.estimateContextResourceRequirementsV2({
    ...shape,
    modelGpuLayers: model.gpuLayers,
    isEmbeddingContext: options.embeddings,
    flashAttention: options.flashAttention ?? 'auto',
    kvCacheKeyType: kvCacheType,
    kvCacheValueType: kvCacheType,
  })
  requireMemory(estimate.cpuRam, await availableMemory(llama), details)
  return model.createContext({
    ...shape,
    threads: mostThreads(llama, options),
    failedCreationRemedy: false,
    experimentalKvCacheKeyType: kvCacheType,
    experimentalKvCacheValueType: kvCacheType,
    ...(options.embeddings ? forEmbeddings : {}),
    lora: { adapters: options.adapterPaths.map(filePath => ({ filePath, scale: 1 })) },
  })
}

/**
 * The cores good for computing, or as many as asked for, but never more than this process may use: the surplus threads
 * would spin while the others wait for a core (measured with three threads on two cores: two seconds a token).
 */
function mostThreads(llama: Llama, { threads }: LoadOptions): number {
  return Math.max(1, Math.min(threads > 0 ? threads : llama.cpuMathCores, availableParallelism()))
}

function offloaded(model: LlamaModel): boolean {
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

function modelInfo(model: LlamaModel, context: LlamaContext, parts: NativeParts, options: LoadOptions): ModelInfo {
  const weights = parts.model.getMemoryBreakdown()
  const state = parts.context.getMemoryBreakdown()
  const { tokens } = model
  return {
    architecture: model.architecture,
    trainedContextSize: model.trainContextSize,
    contextSize: options.embeddings ? Math.min(context.contextSize, context.batchSize) : context.contextSize,
    slots: context.totalSequences,
    vocabularySize: model.fileInfo.metadata.tokenizer.ggml.tokens.length,
    embeddingSize: model.embeddingVectorSize,
    addsBos: parts.model.shouldPrependBosToken(),
    ...(tokens.bosString === null ? {} : { bosToken: tokens.bosString }),
    ...(tokens.eosString === null ? {} : { eosToken: tokens.eosString }),
    ramBytes: weights.cpuRam + state.cpuRam,
    vramBytes: weights.gpuVram + state.gpuVram,
    gpuLayers: model.gpuLayers,
  }
}

/** One token through the model reads the weights into memory, so that the first question does not wait for the disk. */
async function warmUp({ parts, model }: Pick<LoadedModel, 'parts' | 'model'>): Promise<void> {
  parts.context.initBatch(1)
  parts.context.addToBatch(0, 0, Uint32Array.of(model.tokens.bos ?? model.tokens.eos ?? 0), Uint32Array.of(0))
  await parts.context.decodeBatch()
  parts.context.disposeSequence(0)
}
