import { availableParallelism } from 'node:os'
import type { LoadOptions } from '../engine/engine.ts'
import type { GgufFacts, Model } from '../library/model.ts'
import { Problem } from '../problem.ts'
import type { InferenceEnvironment } from './environment.ts'
import type { RunnerOptions } from './options.ts'

/** Asked once: finding out takes as long as all else that is done for a request here. */
const cores = availableParallelism()

/** Fewest tokens for a model that sees: a picture alone takes hundreds (upstream server/sched.go). */
const smallestWithPictures = 2048

/** Architectures that upstream answers one request at a time with (server/sched.go); `*` stands for any ending. */
const oneAtATime = ['mllama', 'qwen3vl*', 'qwen35*', 'qwen3next', 'lfm2*', 'nemotron_h*']

/**
 * How a model is loaded to write text: a context no larger than it was trained for, in as many slots as are set.
 * @throws Problem 500 `unsupported-architecture` for weights with an encoder among them
 */
export function loadOptions(
  model: Model & { readonly modelPath: string },
  facts: GgufFacts,
  runner: RunnerOptions,
  environment: InferenceEnvironment,
): LoadOptions {
  const [projectorPath] = model.projectorPaths
  if ((facts.vision || facts.audio) && !projectorPath && !facts.forOllama) throw encoderInside()
  const contextSize = contextOf(runner.numCtx ?? environment.contextLength, facts, sees(model, facts))
  return {
    modelPath: model.modelPath,
    adapterPaths: model.adapterPaths,
    contextSize,
    slots: isOneAtATime(facts.architecture) ? 1 : environment.numParallel,
    batchSize: Math.max(1, contextSize === 'auto' ? runner.numBatch : Math.min(runner.numBatch, contextSize)),
    gpuLayers: runner.numGpu < 0 ? 'auto' : runner.numGpu,
    gpuOverhead: environment.gpuOverhead,
    // More threads than cores only wait for each other.
    threads: Math.max(0, Math.min(runner.numThread, cores)),
    useMmap: runner.useMmap,
    flashAttention: environment.flashAttention,
    kvCacheType: environment.kvCacheType,
    ...(facts.preTokenizer === undefined ? {} : { preTokenizer: facts.preTokenizer }),
    ...(projectorPath ? { projectorPath } : {}),
  }
}

/** Whether a model is given pictures: by a projector, or by an encoder in its own file that is translated into one. */
export function sees(model: Pick<Model, 'projectorPaths'>, facts: GgufFacts): boolean {
  return model.projectorPaths.length > 0 || Boolean(facts.forOllama && facts.vision)
}

/**
 * Ollama's own engine had the encoder of pictures or sound in the same file as the weights, under names of its own.
 * llama.cpp refuses such a file as a whole (llama-model-loader.cpp, done_getting_tensors); families that are not known
 * in main/gguf/ollama cannot be translated for it.
 */
function encoderInside(): Problem {
  const text =
    "unable to load model: its file holds the encoder for pictures or sound in the form of Ollama's own engine, " +
    'which is not known of this kind of model; take a version with a projector file (mmproj) of its own'
  return new Problem('unsupported-architecture', 500, text)
}

/** The same model loaded to see and hear. */
export function forMedia(options: LoadOptions): LoadOptions {
  return { ...options, withProjector: true }
}

/** The same model loaded to give vectors of text: one text after the other, each in as large a batch as it allows. */
export function forEmbeddings({ projectorPath: _, ...options }: LoadOptions): LoadOptions {
  return { ...options, slots: 1, embeddings: true }
}

/** Upstream's bounds: what the model was trained for, and a few tokens (server/sched.go). */
function contextOf(asked: number | 'auto', { contextLength }: GgufFacts, sees: boolean): number | 'auto' {
  if (asked === 'auto') return 'auto'
  const enough = Math.max(sees ? smallestWithPictures : 4, asked)
  return Math.max(4, Math.min(enough, contextLength || enough))
}

function isOneAtATime(architecture: string): boolean {
  return oneAtATime.some(name =>
    name.endsWith('*') ? architecture.startsWith(name.slice(0, -1)) : architecture === name,
  )
}
