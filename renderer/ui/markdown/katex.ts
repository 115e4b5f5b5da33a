import rehypeKatex, { type Options } from 'rehype-katex'
import remarkMath, { type Options as MathOptions } from 'remark-math'
import type { PluginConfig } from 'streamdown'
import 'katex/dist/katex.min.css'

/**
 * `trust` stays off: no links, pictures or HTML out of a formula. The limits stop one that unfolds or grows without
 * end. Chinese inside a formula is not worth a warning, hence no strictness.
 */
const options: Options = { strict: 'ignore', trust: false, maxExpand: 500, maxSize: 40, errorColor: 'currentColor' }

/** A single dollar is money: math-delimiters.ts has turned those that are not into two. */
const delimiters: MathOptions = { singleDollarTextMath: false }

/** KaTeX for streamdown, in a file of its own so that the window opens without it. */
export const mathPlugins: PluginConfig = {
  math: { name: 'katex', type: 'math', remarkPlugin: [remarkMath, delimiters], rehypePlugin: [rehypeKatex, options] },
}
