import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import remarkBreaks from 'remark-breaks'
import remarkCjkFriendly from 'remark-cjk-friendly'
import { defaultRemarkPlugins, parseMarkdownIntoBlocks, type StreamdownProps } from 'streamdown'
import { mathDelimiters } from './math-delimiters.ts'
import { rawHtmlAsText } from './raw-html.ts'

type Plugins = NonNullable<StreamdownProps['remarkPlugins']>

export const remarkPlugins: Plugins = [
  rawHtmlAsText,
  remarkCjkFriendly,
  ...Object.values(defaultRemarkPlugins),
  remarkBreaks,
]

/**
 * The second wall behind rawHtmlAsText: GitHub's list of what markdown may become, without ids, which would repeat from
 * one answer to the next.
 */
const schema: typeof defaultSchema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    '*': (defaultSchema.attributes?.['*'] ?? []).filter(name => name !== 'id'),
  },
}

export const rehypePlugins: Plugins = [[rehypeSanitize, schema]]

/** The text cut into top-level blocks; a block whose text has not changed is not drawn again. */
export const intoBlocks = (markdown: string): string[] => parseMarkdownIntoBlocks(markdown).map(mathDelimiters)
