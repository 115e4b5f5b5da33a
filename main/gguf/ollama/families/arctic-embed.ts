import { bytes } from '../../encoding.ts'
import { text } from '../../metadata.ts'
import { GgufType, isArray } from '../../types.ts'
import type { Family } from '../family.ts'

const charsmap = 'tokenizer.ggml.precompiled_charsmap'

/** Snowflake's Arctic Embed 2: the table of its tokenizer in base64, a letter an element. */
export const arcticEmbed: Family = {
  matches: header => {
    const table = header.entries.get(charsmap)?.value
    return text(header, 'tokenizer.ggml.model') === 't5' && isArray(table) && table.elementType === GgufType.string
  },
  model: async ({ metadata }) => {
    const letters = (await metadata.values(charsmap)).join('')
    metadata.set(charsmap, bytes(Buffer.from(letters, 'base64')))
  },
}
