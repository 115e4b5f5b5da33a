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

/** Whether a tensor is of what a model sees with, beside its text. */
export function isOfSight(name: string): boolean {
  return /^(model\.)?(vision_tower|multi_modal_projector)\./.test(name)
}

/** A name as models of text have it: in those that see, the text has a room of its own, before or behind `model.`. */
export function withoutRoom(name: string): string {
  return name.replace(/^language_model\./, '').replace(/^model\.language_model\./, 'model.')
}
