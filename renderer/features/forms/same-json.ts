/**
 * Whether two values are the same as JSON: in whatever order their keys stand, and without those that are undefined.
 */
export const sameJson = (one: unknown, other: unknown): boolean => one === other || jsonKey(one) === jsonKey(other)

/** The same text for values that are the same as JSON. */
export const jsonKey = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
