/**
 * The range of a `format` of whole numbers (OpenAPI's registry of formats; schemars names Rust's types the same way),
 * kept to those that JSON readers tell apart; undefined when the name is none.
 */
export function wholeFormat(name: string): readonly [minimum: number, maximum: number] | undefined {
  const [, unsigned, bits] = /^(u?)int(8|16|32|64|128|)$/.exec(name) ?? []
  if (unsigned === undefined) return undefined
  const width = Number(bits) || 64
  if (unsigned) return [0, Math.min(2 ** width - 1, Number.MAX_SAFE_INTEGER)]
  return [
    Math.max(-(2 ** (width - 1)), Number.MIN_SAFE_INTEGER),
    Math.min(2 ** (width - 1) - 1, Number.MAX_SAFE_INTEGER),
  ]
}
