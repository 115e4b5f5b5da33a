import { FileTextIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { percent } from '../../i18n/format.ts'
import { tokensOf } from './attached.ts'
import { DocumentViewer } from './document-viewer.tsx'

interface Props {
  documents: readonly Attachment[]
  /** Tokens the model holds in view: how much of it each takes is said. Left out of what was sent. */
  view?: number
  /** Left out of what was sent. */
  onRemove?: (document: Attachment) => void
}

/** Documents of a question by their names; each is opened on a click. */
export function DocumentChips({ documents, view, onRemove }: Props) {
  const { t, i18n } = useTranslation()
  const [shown, setShown] = useState<Attachment | null>(null)
  if (documents.length === 0) return null
  return (
    <>
      <ul aria-label={t('documents.attached')} className="mb-2 flex max-w-full flex-wrap gap-1.5">
        {documents.map(document => {
          const name = document.name || t('forms.untitledSource')
          const share = view ? tokensOf([document]) / view : 0
          return (
            <li
              key={document.hash}
              className="flex h-8 max-w-72 items-center rounded-small border border-line bg-raised text-small"
            >
              <button
                type="button"
                aria-label={t('documents.open', { name })}
                onClick={() => setShown(document)}
                className="flex h-full min-w-0 items-center gap-1.5 rounded-small px-2 transition-colors hover:bg-hover"
              >
                <FileTextIcon aria-hidden className="size-3.5 flex-none text-faint" />
                <span dir="auto" className="min-w-0 truncate">
                  {name}
                </span>
              </button>
              {share >= 0.01 ? (
                <span className="flex-none pr-1 text-tiny text-faint">
                  {t('documents.share', { percent: percent(share, i18n.language) })}
                </span>
              ) : null}
              {onRemove ? (
                <button
                  type="button"
                  aria-label={t('pictures.remove', { name })}
                  onClick={() => onRemove(document)}
                  className="grid size-7 flex-none place-items-center rounded-small text-faint transition-colors hover:text-ink"
                >
                  <XIcon aria-hidden className="size-3.5" />
                </button>
              ) : null}
            </li>
          )
        })}
      </ul>
      {shown ? <DocumentViewer document={shown} onClose={() => setShown(null)} /> : null}
    </>
  )
}
