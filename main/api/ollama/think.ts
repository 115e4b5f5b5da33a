import { converted, type GoType, pointer } from '../../go/json/types.ts'
import { goQuote } from '../../go/text.ts'
import type { Think, ThinkLevel } from '../../inference/requests.ts'
import { Problem } from '../../problem.ts'

const levels: ReadonlySet<string> = new Set<ThinkLevel>(['high', 'medium', 'low', 'max'])
const choices = '"high", "medium", "low", "max", true, or false'

/**
 * `think`: on, off, or how much (upstream api/types.go, ThinkValue).
 * @throws Problem 400 for another level or another type
 */
export const think: GoType<Think | undefined> = pointer(
  converted<Think>(false, value => {
    if (typeof value === 'boolean' || levels.has(value as string)) return value as Think
    throw new Problem(
      'invalid-request',
      400,
      typeof value === 'string'
        ? `invalid think value: ${goQuote(value)} (must be ${choices})`
        : `think must be a boolean or string (${choices})`,
    )
  }),
)
