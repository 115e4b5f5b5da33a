import { GgmlType, GgufInsights, type Llama, readGgufFileInfo } from 'node-llama-cpp'
import { Problem } from '../../problem.ts'
import type { LoadOptions, LoadShape } from '../engine.ts'
import { mayUse } from '../gpu-backends.ts'
import { availableRam } from './available-ram.ts'
import type { FreeMemory, LoadFacts } from './load-plan.ts'

/**
 * Most tokens of one embedding batch; a model that pools over the whole text needs it in one (upstream llm/server.go).
 */
const embeddingBatch = 2048

/** Tokens of all slots together: three times the largest context any model has; estimating more takes minutes. */
const mostCells = 2 ** 25

/**
 * Reads the header of a GGUF; nothing else of the file need be there.
 * @throws Problem `unsupported-architecture` for a model of a kind that Hearth has no use for
 */
export async function insightsOf(llama: Llama, path: string): Promise<GgufInsights> {
  const file = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false })
  const insights = await GgufInsights.from(file, llama)
  if (!insights.hasEncoder || !insights.hasDecoder) return insights
  const { architecture } = file.metadata.general
  const text = `unable to load model: ${architecture} models translate between two texts and cannot chat`
  throw new Problem('unsupported-architecture', 500, text)
}

/**
 * What a load is planned from, by llama.cpp's own estimates: Linux grants more memory than it has and kills when it is
 * used.
 */
export async function loadFacts(llama: Llama, options: LoadOptions, insights: GgufInsights): Promise<LoadFacts> {
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
  return {
    layers: llama.gpu !== false && mayUse(llama.gpu, process.env) ? insights.totalLayers : 0,
    trainedContextSize: insights.trainContextSize ?? 0,
    free: await freeMemory(llama, options.gpuOverhead ?? 0),
    estimate,
  }
}

/** @param gpuOverhead bytes of each GPU that are left alone */
export async function freeMemory(llama: Llama, gpuOverhead: number): Promise<FreeMemory> {
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
