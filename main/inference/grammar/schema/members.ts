import type { Clause } from './clause.ts'

/** The properties an object is asked for by name: in declared order, then those that are only required. */
export function memberNames({ objects, required }: Clause): string[] {
  return [...new Set([...objects.flatMap(({ properties }) => [...properties.keys()]), ...required])]
}

/**
 * Whether answers may hold members that are not asked for by name. As with llama.cpp an object with `properties` is
 * closed unless `additionalProperties` opens it, and one that nothing is said about is open.
 */
export function opensToUnnamed(clause: Clause): boolean {
  return (
    isFree(clause) || clause.objects.some(({ additional, patterns }) => additional !== undefined || patterns.length > 0)
  )
}

/** Nothing is said about which members there are. */
export function isFree({ objects, seals }: Clause): boolean {
  return objects.length === 0 && seals.length === 0
}
