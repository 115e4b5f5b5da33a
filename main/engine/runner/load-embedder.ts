import { type LlamaModel, LlamaVocabularyType } from 'node-llama-cpp'
import type { LoadOptions, ModelInfo } from '../engine.ts'
import { EmbeddingModel } from '../libllama/embedding-model.ts'
import { Embedder } from './embedder.ts'
import { type NativeModel, nativeModel } from './llama-addon.ts'
import {
  checkKind,
  contextShape,
  type LoadListener,
  mostThreads,
  type Opening,
  offloaded,
  opening,
  vocabularyInfo,
} from './load-model.ts'
import { Vocabulary } from './vocabulary.ts'

export interface LoadedEmbedder {
  readonly info: ModelInfo
  readonly vocabulary: Vocabulary
  readonly embedder: Embedder
}

/** Texts that are computed at once; a model that remembers no single tokens would need a memory for each. */
const mostSequences = 64

/** llama.h, LLAMA_POOLING_TYPE_LAST; without pooling the last token stands for the text, too. */
const poolsLastToken = new Set<unknown>([undefined, 0, 3])

/**
 * Loads a model for vectors: node-llama-cpp reads its vocabulary, libllama its weights.
 * @throws Problem as `opening` does
 */
export function loadEmbedder(options: LoadOptions, listener: LoadListener): Promise<LoadedEmbedder> {
  return opening(options, listener, async open => {
    const { llama, plan, cpu } = open
    const words = await llama.loadModel({
      modelPath: options.modelPath,
      vocabOnly: true,
      gpuLayers: plan.gpuLayers,
      ignoreMemorySafetyChecks: true,
    })
    checkKind(words)
    const native = nativeModel(words)
    const vocabulary = new Vocabulary(words, native)
    const { isRecurrent, isHybrid, hasDecoder } = words.fileInsights
    const shape = contextShape(options, plan)
    const sequences = isRecurrent || isHybrid ? 1 : Math.min(mostSequences, shape.batchSize)
    const model = await openModel(open, words, { ...shape, sequences })
    const pooling = (words.fileInfo.architectureMetadata as { pooling_type?: unknown }).pooling_type
    const facts = vocabularyInfo(words, native)
    const embedder = new Embedder({
      model,
      vocabularySize: facts.vocabularySize,
      tokenize: text => vocabulary.tokenize(text, true),
      ...added(words, native),
      sequences,
      splits: poolsLastToken.has(pooling) && hasDecoder,
      cpu: offloaded(words) ? undefined : cpu,
    })
    // Reads the weights into memory, so that the first question does not wait for the disk.
    await embedder.embed([[words.tokens.bos ?? words.tokens.eos ?? 0]], () => false)
    const info = {
      ...facts,
      trainedContextSize: model.trainedContextSize,
      contextSize: embedder.longest,
      slots: 1,
      embeddingSize: model.width,
      ramBytes: plan.ramBytes,
      vramBytes: plan.vramBytes,
      gpuLayers: plan.gpuLayers,
    }
    return { info, vocabulary, embedder }
  })
}

type Shape = ReturnType<typeof contextShape>

function openModel({ llama, options, plan, onProgress }: Opening, words: LlamaModel, shape: Shape) {
  const { contextSize, batchSize, sequences, kvCacheType } = shape
  return EmbeddingModel.open({
    gpu: llama.gpu,
    modelPath: options.modelPath,
    adapterPaths: options.adapterPaths,
    gpuLayers: plan.gpuLayers,
    useMmap: options.useMmap,
    contextSize,
    batchSize,
    sequences,
    threads: mostThreads(llama, options),
    flashAttention: words.flashAttentionSupported ? options.flashAttention : false,
    kvCacheType,
    onProgress,
  })
}

/** The tokens around every text, by the kind of vocabulary. */
function added({ tokens, vocabularyType }: LlamaModel, native: NativeModel) {
  const isWordPiece = vocabularyType === LlamaVocabularyType.wpm
  return {
    begin: isWordPiece || native.shouldPrependBosToken() ? tokens.bos : null,
    end: isWordPiece ? tokens.sep : native.shouldAppendEosToken() ? tokens.eos : null,
  }
}
