import { memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsCodeFenceIncomplete } from 'streamdown'
import { CopyButton } from '../copy-button.tsx'
import { withNextDrawing } from '../next-drawing.ts'
import { ScrollBox } from '../scroll-box.tsx'
import { type CodeLines, highlight } from './highlight.ts'

/** A fenced block of code with its language, a copy button and colours. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const { t } = useTranslation()
  const text = code.endsWith('\n') ? code.slice(0, -1) : code
  const lines = useHighlighted(text, language, useIsCodeFenceIncomplete())
  return (
    <figure className="markdown-box overflow-hidden rounded-box border border-line bg-sunk">
      <figcaption className="flex h-9 items-center justify-between pr-1.5 pl-4 text-tiny text-faint">
        <span>{language || t('markdown.code')}</span>
        <CopyButton text={text} label={t('markdown.copyCode')} word={t('app.copy')} />
      </figcaption>
      <ScrollBox label={language || t('markdown.code')} className="px-4 pb-3.5">
        <pre className="w-max min-w-full font-mono text-small">
          <code>
            {text.split('\n').map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and only grow at the end
              <CodeLine key={index} text={line} tokens={lines?.[index]} />
            ))}
          </code>
        </pre>
      </ScrollBox>
    </figure>
  )
}

type Tokens = CodeLines[number]

/** Coloured when the tokens are those of this very text; plain until then, so that text never waits for colour. */
const CodeLine = memo(
  ({ text, tokens }: { text: string; tokens: Tokens | undefined }) => {
    const fits = tokens !== undefined && tokens.map(token => token.content).join('') === text
    return (
      <span className="block min-h-[1lh]">
        {fits
          ? tokens.map(token => (
              <span key={token.offset} style={{ color: token.htmlStyle?.color ?? token.color }}>
                {token.content}
              </span>
            ))
          : text}
      </span>
    )
  },
  (before, after) => before.text === after.text && before.tokens === after.tokens,
)

/**
 * While the code grows, colours are only kept for the next time it is drawn, so they cost no drawing of their own; when
 * it is finished they are drawn once, with whatever else is drawn then.
 */
function useHighlighted(code: string, language: string, growing: boolean): CodeLines | undefined {
  const [settled, setSettled] = useState<CodeLines>()
  const latest = useRef<CodeLines>(undefined)
  useEffect(() => {
    if (language === '') return
    let current = true
    void highlight(code, language, growing).then(lines => {
      if (!current && !growing) return
      latest.current = lines
      if (!growing) withNextDrawing(() => current && setSettled(lines))
    })
    return () => {
      current = false
    }
  }, [code, language, growing])
  return growing ? latest.current : (settled ?? latest.current)
}
