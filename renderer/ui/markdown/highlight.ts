import type { CodeHighlighterPlugin, HighlightResult, ThemeInput } from '@streamdown/code'

/**
 * Syntax colours, loaded when the first code appears: the highlighter and each language are files of their own. The
 * JavaScript engine needs neither WebAssembly nor eval, so the content security policy stays shut.
 */
let plugin: Promise<CodeHighlighterPlugin> | undefined

const load = () => {
  plugin ??= import('@streamdown/code').then(({ createCodePlugin }) => createCodePlugin({ themes: [theme, theme] }))
  return plugin
}

export type CodeLines = HighlightResult['tokens']

/**
 * Colours the code, line by line; lines that were coloured before keep their identity while the code grows.
 * @param growing the code is still being written: its end is not worth remembering
 */
export async function highlight(code: string, language: string, growing: boolean): Promise<CodeLines> {
  const highlighter = await load()
  return new Promise(resolve => {
    const options = { code, language: language as never, themes: highlighter.getThemes(), isIncomplete: growing }
    const known = highlighter.highlight(options, result => resolve(result.tokens))
    if (known) resolve(known.tokens)
  })
}

const rule = (scope: string[], foreground: string, fontStyle?: string) => ({
  scope,
  settings: { foreground, fontStyle },
})

/** One theme for light, dark and high contrast: its colours are the tokens of styles/tokens.css. */
const theme: ThemeInput = {
  name: 'hearth',
  type: 'light',
  colors: { 'editor.foreground': 'var(--ink)', 'editor.background': 'transparent' },
  settings: [
    { settings: { foreground: 'var(--ink)', background: 'transparent' } },
    rule(['comment', 'punctuation.definition.comment'], 'var(--code-comment)'),
    rule(['keyword', 'storage', 'entity.name.tag', 'markup.heading'], 'var(--code-keyword)'),
    rule(['keyword.operator', 'punctuation', 'meta.brace'], 'var(--ink-soft)'),
    rule(['string', 'markup.inline.raw', 'markup.inserted'], 'var(--code-string)'),
    rule(
      [
        'entity.name.function',
        'support.function',
        'entity.name.type',
        'entity.name.class',
        'support.type',
        'support.class',
      ],
      'var(--code-function)',
    ),
    rule(
      ['constant', 'variable.language', 'entity.other.attribute-name', 'support.type.property-name'],
      'var(--code-constant)',
    ),
    rule(['markup.deleted'], 'var(--rose)'),
  ],
}
