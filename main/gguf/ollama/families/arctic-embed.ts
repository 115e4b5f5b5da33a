import { bytes } from '../../encoding.ts'
import { text } from '../../metadata.ts'
import { GgufType, isArray } from '../../types.ts'
import type { Family } from '../family.ts'

const CHARSMAP = 'tokenizer.ggml.precompiled_charsmap'

/** Snowflake's Arctic Embed 2: the table of its tokenizer in base64, a letter an element. */
export const arcticEmbed: Family = {
  matches: header => {
    const table = header.entries.get(CHARSMAP)?.value
    return text(header, 'tokenizer.ggml.model') === 't5' && isArray(table) && table.elementType === GgufType.string
  },
  model: async ({ metadata }) => {
    const letters = (await metadata.values(CHARSMAP)).join('')
    metadata.set(CHARSMAP, bytes(Buffer.from(letters, 'base64')))
  },
}
