import { displayShortest, parseModelName } from '../library/model-name.ts'

/** A model's name as the windows show it: without what goes without saying. */
export function shownModel(model: string): string {
  const name = parseModelName(model)
  return (name ? displayShortest(name) : model).replace(/:latest$/, '')
}
