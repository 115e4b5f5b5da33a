import { goQuote } from '../../go/text.ts'
import type { Think } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'

const efforts: Readonly<Record<string, Think>> = {
  none: false,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'max',
  ultra: 'max',
  max: 'max',
}

/**
 * OpenAI's reasoning effort as `think`; empty leaves it to the model (upstream openai/openai.go).
 * @throws Problem 400 for an effort nobody knows
 */
export function thinkOfEffort(effort: string): Think | undefined {
  if (effort === '') return undefined
  if (Object.hasOwn(efforts, effort)) return efforts[effort]
  throw new Problem(
    'invalid-request',
    400,
    `invalid reasoning value: ${goQuote(effort)} (must be "minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none")`,
  )
}
