import { SquareCheckIcon, SquareIcon } from 'lucide-react'
import { type ComponentProps, isValidElement, memo, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Streamdown, type StreamdownProps } from 'streamdown'
import { ScrollBox } from '../scroll-box.tsx'
import { CodeBlock } from './code-block.tsx'
import { MarkdownImage, MarkdownLink } from './links.tsx'
import { useMath } from './math.ts'
import { intoBlocks, rehypePlugins, remarkPlugins } from './plugins.ts'
import { type Sections, sectionsOf } from './sections.ts'

/**
 * A model's text as markdown: tables, coloured code, LaTeX. Raw HTML is shown as text, links open outside, pictures are
 * not loaded.
 * @param growing the text is still being written: unfinished markdown at its end is closed for the eye
 */
export const Markdown = memo(({ text, growing = false }: { text: string; growing?: boolean }) => {
  const last = useRef<Sections>(undefined)
  const sections = useMemo(() => sectionsOf(text, growing, last.current), [text, growing])
  useEffect(() => {
    last.current = sections
  }, [sections])
  return (
    <div className="markdown">
      {[...sections.closed, sections.open].map((section, index) => (
        <Section
          // biome-ignore lint/suspicious/noArrayIndexKey: sections have no other name, and only come at the end
          key={index}
          text={section}
          growing={growing && index === sections.closed.length}
        />
      ))}
    </div>
  )
})

const Section = memo(({ text, growing }: { text: string; growing: boolean }) => {
  const plugins = useMath(text)
  return (
    <Streamdown
      components={components}
      remarkPlugins={remarkPlugins}
      rehypePlugins={rehypePlugins}
      plugins={plugins}
      parseMarkdownIntoBlocksFn={intoBlocks}
      parseIncompleteMarkdown={growing}
      isAnimating={growing}
      controls={false}
    >
      {text}
    </Streamdown>
  )
})

/**
 * Plain elements, drawn by styles/markdown.css, and Hearth's own parts. A heading stands below the chat's. The cast:
 * streamdown's type wants every component to take any property at all.
 */
const components = {
  h1: 'h2',
  h2: 'h3',
  h3: 'h4',
  h4: 'h5',
  h5: 'h6',
  h6: 'h6',
  p: 'p',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  strong: 'strong',
  blockquote: 'blockquote',
  hr: 'hr',
  sup: 'sup',
  sub: 'sub',
  section: 'section',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
  code: 'code',
  a: MarkdownLink,
  img: MarkdownImage,
  table: MarkdownTable,
  input: TaskMark,
  pre: CodeFence,
} as StreamdownProps['components']

function MarkdownTable({ children }: Pick<ComponentProps<'table'>, 'children'>) {
  const { t } = useTranslation()
  return (
    <ScrollBox label={t('markdown.table')} className="markdown-box">
      <table>{children}</table>
    </ScrollBox>
  )
}

/** The box of a task list: a mark to read, not a field to fill. */
function TaskMark({ checked }: Pick<ComponentProps<'input'>, 'checked'>) {
  const { t } = useTranslation()
  const Mark = checked ? SquareCheckIcon : SquareIcon
  return (
    <Mark
      role="img"
      aria-label={t(checked ? 'markdown.done' : 'markdown.notDone')}
      className={`-mt-0.5 mr-2 inline ${checked ? 'text-ember-text' : 'text-faint'}`}
    />
  )
}

function CodeFence({ children }: Pick<ComponentProps<'pre'>, 'children'>) {
  const code = isValidElement<{ className?: string; children?: unknown }>(children) ? children.props : undefined
  if (typeof code?.children !== 'string') return <pre>{children}</pre>
  return <CodeBlock code={code.children} language={/language-(\S+)/.exec(code.className ?? '')?.[1] ?? ''} />
}
