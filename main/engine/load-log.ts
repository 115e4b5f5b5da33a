import { Problem } from '../problem.ts'

/** For complaints that say nothing to a person: a size out of range, a missing field, a path. */
const damaged = 'the file is damaged or incomplete'

/** What the allocators of llama.cpp's backends say when memory is short, and V8 and C++ before they end the process. */
const shortOfMemory =
  /failed to allocate|unable to allocate|out of (device )?memory|cudaMalloc failed|OutOf(Device|Host)Memory|bad_alloc|alloc_tensor_range|cannot allocate memory/i

/** Whether what a process printed tells of a lack of memory. */
export const tellsOfShortMemory = (log: string): boolean => shortOfMemory.test(log)

/**
 * Why a model could not be loaded, from the error and from what llama.cpp logged before. Anything that is neither a
 * lack of memory nor an unknown architecture is the file's fault: nothing else takes part in reading it.
 */
export function problemInLog(message: string, log: readonly string[]): Problem {
  const details = [message, ...log.slice(-40)].join('\n')
  const reason = log
    .map(line => /error loading model: (?!llama_model_loader: failed to load)(.*)$/.exec(line)?.[1])
    .findLast(found => found !== undefined)

  if (reason?.includes('CLIP cannot be used as main model') || /architecture: 'clip'/.test(reason ?? '')) {
    const text = 'unable to load model: the file is a projector, not a model of its own'
    return new Problem('unsupported-architecture', 500, text, details)
  }
  const architecture = /(?:unknown|unsupported) model architecture: '(.*)'/.exec(reason ?? '')?.[1]
  if (architecture !== undefined) {
    const text = `unable to load model: unknown model architecture: '${architecture}'`
    return new Problem('unsupported-architecture', 500, text, details)
  }
  if (tellsOfShortMemory(details)) {
    return new Problem('out-of-memory', 500, 'unable to load model: not enough memory', details)
  }
  if (message === 'Failed to create context') {
    return new Problem('internal', 500, 'unable to load model: its context cannot be created', details)
  }
  const why = /LoRA adapter|lora_init: failed/.test(details)
    ? 'the adapter does not fit the model'
    : (reason ?? damaged)
  return new Problem('broken-model-file', 500, `unable to load model: ${why}`, details)
}
