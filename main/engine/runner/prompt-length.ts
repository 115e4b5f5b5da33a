import { Problem } from '../../problem.ts'
import { longestToken } from '../engine.ts'

/**
 * One place is left for the first new token (upstream server-context.cpp).
 * @param length tokens of the prompt
 * @param contextSize tokens a slot holds
 * @throws Problem in the words of upstream's contract for a prompt that does not fit
 */
export function checkPromptLength(length: number, contextSize: number): void {
  if (length === 0) throw new Problem('invalid-request', 400, 'the prompt is empty')
  if (length >= contextSize) throw tooLong(`${length} tokens`, contextSize)
}

/**
 * To be asked before a text is tokenized, which takes seconds where it has tens of megabytes.
 * @throws Problem for a text that cannot fit
 */
export function checkTextLength(text: string, contextSize: number): void {
  if (text.length > contextSize * longestToken) throw tooLong(`${text.length} characters`, contextSize)
}

function tooLong(length: string, contextSize: number): Problem {
  const text =
    'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length'
  return new Problem('context-too-long', 400, text, `${length}, ${contextSize} tokens available`)
}
