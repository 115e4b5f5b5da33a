import { Problem } from '../../problem.ts'

/**
 * llama.cpp looks tokens up without a check, so that one it does not have ends the process.
 * @throws Problem 400
 */
export function checkTokens(tokens: readonly number[], vocabularySize: number): void {
  if (tokens.every(token => Number.isInteger(token) && token >= 0 && token < vocabularySize)) return
  throw new Problem('invalid-request', 400, 'the prompt holds a token that the model does not have')
}
