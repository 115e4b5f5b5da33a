import { XIcon } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { IconButton } from '../../ui/icon-button.tsx'

/** What a document says, as the model reads it, over the whole window. */
export function DocumentViewer({ document: shown, onClose }: { document: Attachment; onClose: () => void }) {
  const { t } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  const [opener] = useState(() => document.activeElement)
  const text = useText(shown.hash)
  return (
    <Dialog.Root open onOpenChange={open => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={panel}
          aria-describedby={undefined}
          onOpenAutoFocus={event => {
            event.preventDefault()
            panel.current?.focus()
          }}
          onCloseAutoFocus={event => {
            event.preventDefault()
            if (opener instanceof HTMLElement) opener.focus()
          }}
          className="appear fixed inset-0 z-40 flex flex-col bg-paper outline-none"
        >
          <div className="flex h-(--header) flex-none items-center gap-2 border-b border-line pr-3 pl-5">
            <Dialog.Title dir="auto" className="min-w-0 flex-1 truncate text-row font-bold">
              {shown.name || t('forms.untitledSource')}
            </Dialog.Title>
            <Dialog.Close asChild>
              <IconButton icon={XIcon} label={t('app.close')} />
            </Dialog.Close>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by the keyboard */}
          <section tabIndex={0} aria-label={t('documents.text')} className="min-h-0 flex-1 overflow-y-auto p-6">
            <p dir="auto" className="mx-auto max-w-column break-words whitespace-pre-wrap">
              {text === null ? t('documents.missing') : text}
            </p>
          </section>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
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
