import type { Fields } from '../source/fields.ts'
import { isOfSight, withoutRoom } from './naming.ts'

/** Of models that see, the part that reads and writes text, which is a model of its own. */

/** The settings of a model's text: those of the whole where it is nothing else. */
export function textSection(config: Fields): Fields {
  return config.has('text_config') ? config.section('text_config') : config
}

/** Names of the text's tensors; those of what a model sees with are dropped. */
export function ofText(rename: (name: string) => string | undefined): (name: string) => string | undefined {
  return name => (isOfSight(name) ? undefined : rename(withoutRoom(name)))
}
