import type { ToolEngine } from '../../engine/tool-engine.ts'
import { Problem } from '../../problem.ts'
import { checkDimensions } from './dimensions.ts'
import type { GgufSource } from './rewrite.ts'
import { checkVocabulary, hasRareCut } from './vocabulary.ts'

/**
 * Makes sure that llama.cpp is not certain to refuse a model's file, as far as its header tells.
 * @param name what the person calls the file
 * @throws Problem 400 `broken-model-file` that begins with the name
 */
export async function requireLoadable(
  name: string,
  source: GgufSource,
  toolEngine: ToolEngine,
  signal?: AbortSignal,
): Promise<void> {
  try {
    checkDimensions(source.header)
    await checkVocabulary(source)
  } catch (error) {
    throw blame(name, error)
  }
  if (hasRareCut(source)) await checkCut(name, source, toolEngine, signal)
}

/** @throws Problem 400 where llama.cpp does not know how the file's tokenizer cuts text */
async function checkCut(
  name: string,
  { path }: GgufSource,
  toolEngine: ToolEngine,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await toolEngine.forecast({ path }, { signal })
  } catch (error) {
    signal?.throwIfAborted()
    // Whatever else there is to say of it, loading does.
    if (error instanceof Problem && error.message.includes('unknown pre-tokenizer')) throw blame(name, error)
  }
}

/** What is wrong with a file that somebody brought is the request's fault, not the server's. */
export function blame(name: string, error: unknown): unknown {
  if (!(error instanceof Problem && error.code === 'broken-model-file')) return error
  return new Problem('broken-model-file', 400, `${name}: ${error.message}`)
}
