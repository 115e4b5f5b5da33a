import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { FullWindow } from '../../ui/full-window.tsx'

/** What a document says, as the model reads it, over the whole window. */
export function DocumentViewer({ document, onClose }: { document: Attachment; onClose: () => void }) {
  const { t } = useTranslation()
  const text = useText(document.hash)
  return (
    <FullWindow title={document.name || t('forms.untitledSource')} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by the keyboard */}
      <section tabIndex={0} aria-label={t('documents.text')} className="min-h-0 flex-1 overflow-y-auto p-6">
        <p dir="auto" className="mx-auto max-w-column break-words whitespace-pre-wrap">
          {text === null ? t('documents.missing') : text}
        </p>
      </section>
    </FullWindow>
  )
}

/** Empty while it is read; null for one that was taken from the disk. */
function useText(hash: string): string | null {
  const [text, setText] = useState<string | null>('')
  useEffect(() => {
    const gone = new AbortController()
    fetch(`/attachments/${hash}`, { signal: gone.signal })
      .then(async answer => setText(answer.ok ? await answer.text() : null))
      .catch(() => gone.signal.aborted || setText(null))
    return () => gone.abort()
  }, [hash])
  return text
}
