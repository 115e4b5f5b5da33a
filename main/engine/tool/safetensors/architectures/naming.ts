/** Pairs of what a name holds in Hugging Face's files and in GGUF. */
export type NamePairs = readonly (readonly [from: string, to: string])[]

/**
 * Replaces as Go's strings.Replacer does, on which upstream's names rest: at each place the first pair that fits, in
 * one pass.
 */
export function renaming(pairs: NamePairs): (name: string) => string {
  const to = new Map(pairs)
  const pattern = new RegExp(pairs.map(([from]) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  return name => name.replace(pattern, match => to.get(match)!)
}
