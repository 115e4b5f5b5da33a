import { type GgufHeader, type GgufScalar, isArray } from './types.ts'

/** Single values of a header, by key and by what is expected of them; anything else there is as good as absent. */

export function architectureOf(header: GgufHeader): string {
  return text(header, 'general.architecture') || 'unknown'
}

export function scalar(header: GgufHeader, key: string): GgufScalar | undefined {
  const value = header.entries.get(key)?.value
  return isArray(value) ? undefined : value
}

export function text(header: GgufHeader, key: string): string | undefined {
  const value = scalar(header, key)
  return typeof value === 'string' ? value : undefined
}

/** A count; anything that cannot be one is as good as absent. */
export function natural(header: GgufHeader, key: string): number | undefined {
  const value = scalar(header, key)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function flag(header: GgufHeader, key: string): boolean {
  return scalar(header, key) === true
}
