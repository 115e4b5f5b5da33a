import { display } from './printing.ts'
import { compareBytes, GoMap, type GoValue, isSlice, typeName } from './values.ts'

/** `eq a b c`: whether a equals b or c. Throws Go's text when the types cannot be compared. */
export function equal(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison')
  return others.some(other => equalPair(first, other))
}

function equalPair(a: GoValue, b: GoValue): boolean {
  if (isBasic(a) || isBasic(b)) {
    if (isNil(a) || isNil(b)) return false
    if (typeof a !== typeof b) throw incompatible(a, b)
    return a === b
  }
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  if (isSlice(a) || a instanceof GoMap || isSlice(b) || b instanceof GoMap) {
    if (isSlice(a) !== isSlice(b) || a instanceof GoMap !== b instanceof GoMap) {
      throw new Error(`non-comparable types ${display(a)}: ${typeName(a)}, ${typeName(b)}: ${display(b)}`)
    }
    throw new Error(`non-comparable type ${display(b)}: ${typeName(b)}`)
  }
  return a === b
}

/** `lt a b`. Only numbers and strings have an order. */
export function less(a: GoValue, b: GoValue): boolean {
  if (!isBasic(a) || !isBasic(b)) throw new Error('invalid type for comparison')
  if (typeof a !== typeof b) throw incompatible(a, b)
  if (typeof a === 'boolean') throw new Error('invalid type for comparison')
  return typeof a === 'string' ? compareBytes(a, b as string) < 0 : a < (b as bigint | number)
}

function isBasic(value: GoValue): value is boolean | bigint | number | string {
  return value !== null && value !== undefined && typeof value !== 'object'
}

function isNil(value: GoValue): value is null | undefined {
  return value === null || value === undefined
}

function incompatible(a: GoValue, b: GoValue): Error {
  return new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)
}
