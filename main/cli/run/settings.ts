import { goQuote } from '../../go/text.ts'
import { CommandError } from '../command-error.ts'

/** How a model is asked: flags of `run`, changed by `/set`. */
export interface RunSettings {
  /** `json`, or a JSON schema. */
  format?: unknown
  /** Undefined leaves it to the server. */
  think?: boolean | string
  hideThinking: boolean
  wordWrap: boolean
  verbose: boolean
  /** Go duration; undefined leaves it to the server. */
  keepAlive?: string
  /** Runtime options by the names of PARAMETER. */
  options: Record<string, unknown>
}

const levels = ['high', 'medium', 'low', 'max']

/** @throws CommandError for a value that is none of true, false and the levels */
export function thinkValue(text: string): boolean | string {
  if (text === 'true' || text === '') return true
  if (text === 'false') return false
  if (levels.includes(text)) return text
  throw new CommandError(`invalid value for --think: ${goQuote(text)} (must be true, false, high, medium, low, or max)`)
}

/** @throws CommandError for what is neither `json` nor the JSON of a schema */
export function formatValue(text: string): unknown {
  if (text === '') return undefined
  if (text === 'json') return text
  try {
    const schema: unknown = JSON.parse(text)
    if (typeof schema === 'object' && schema !== null) return schema
  } catch {
    // Told below, together with JSON that is no schema.
  }
  throw new CommandError(`invalid value for --format: ${goQuote(text)} (must be json or a JSON schema)`)
}

/** The fields of a request that say how, not what. */
export function requestSettings({ format, think, keepAlive, options }: RunSettings): object {
  return {
    ...(format !== undefined && { format }),
    ...(think !== undefined && { think }),
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
    options,
  }
}
