import type { Llama } from 'node-llama-cpp'
import type { LoadOptions, ModelInfo } from '../engine.ts'
import { Context } from '../libllama/context.ts'
import { EmbeddingContext } from '../libllama/embedding-context.ts'
import type { Libraries } from '../libllama/libraries.ts'
import { modelFacts, openContext } from '../libllama/model.ts'
import { Vocabulary } from '../libllama/vocabulary.ts'
import { Embedder } from './embedder.ts'
import { contextShape } from './load-facts.ts'
import { isOffloaded, type LoadListener, mostThreads, opening, vocabularyInfo, weights } from './load-model.ts'
import { firstThreads, ThreadTuner } from './thread-tuner.ts'

export interface LoadedEmbedder {
  readonly info: ModelInfo
  /** Kept, as it owns the backends. */
  readonly llama: Llama
  readonly libraries: Libraries
  readonly vocabulary: Vocabulary
  readonly embedder: Embedder
}

/** Texts that are computed at once; a model that remembers no single tokens would need a memory for each. */
const mostSequences = 64

/** llama.h, LLAMA_POOLING_TYPE_LAST; without pooling the last token stands for the text, too. */
const poolsLastToken = new Set<unknown>([undefined, 0, 3])

/** Loads a model for vectors. @throws Problem as `opening` does */
export function loadEmbedder(options: LoadOptions, listener: LoadListener): Promise<LoadedEmbedder> {
  return opening(options, listener, async opened => {
    const { llama, libraries, plan, insights, since } = opened
    const { isRecurrent, isHybrid, hasDecoder } = insights
    const shape = contextShape(options, plan)
    const sequences = isRecurrent || isHybrid ? 1 : Math.min(mostSequences, shape.batchSize)
    const most = mostThreads(llama, options)
    const model = await weights(opened)
    const context = await openContext(libraries, model, {
      ...shape,
      sequences,
      embeddings: true,
      threads: most,
      flashAttention: insights.flashAttentionSupported ? options.flashAttention : false,
      adapterPaths: options.adapterPaths,
    })
    const vocabulary = new Vocabulary(libraries.llama, model)
    const computing = new Context(libraries, context, vocabulary.size)
    const { pooling_type: pooling } = insights.ggufFileInfo.architectureMetadata as { pooling_type?: unknown }
    const embedder = new Embedder({
      context: new EmbeddingContext(libraries, model, computing),
      vocabulary,
      ...added(vocabulary),
      sequences,
      splits: poolsLastToken.has(pooling) && hasDecoder,
      tuner: isOffloaded(plan, insights) ? undefined : new ThreadTuner(most, firstThreads(most, since)),
    })
    // Reads the weights into memory, so that the first question does not wait for the disk.
    await embedder.embed([[vocabulary.bos ?? vocabulary.eos ?? 0]], () => false)
    const { trainedContextSize, width } = modelFacts(libraries, model)
    const info = {
      ...vocabularyInfo(insights, vocabulary),
      trainedContextSize,
      contextSize: embedder.longest,
      slots: 1,
      embeddingSize: width,
      ramBytes: plan.ramBytes,
      vramBytes: plan.vramBytes,
      gpuLayers: plan.gpuLayers,
    }
    return { info, llama, libraries, vocabulary, embedder }
  })
}

/** The tokens around every text, by the kind of vocabulary. */
function added({ isWordPiece, addsBos, addsEos, bos, eos, sep }: Vocabulary) {
  return {
    begin: isWordPiece || addsBos ? bos : undefined,
    end: isWordPiece ? sep : addsEos ? eos : undefined,
  }
}
