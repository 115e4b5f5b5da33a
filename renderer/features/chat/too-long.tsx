import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { percent } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { tokensOf } from '../documents/attached.ts'
import { setParameter } from '../tuning/tuning-store.ts'
import type { ViewSize } from './view-size.ts'

/**
 * Tokens of the largest view that is offered by a click: more takes gigabytes of memory, which a person should weigh.
 */
const largestOffered = 32_768
/**
 * Tokens that the question, its answer and a little of the chat take besides; of a small view no more than a quarter.
 */
const usuallyBesides = 1_500

interface Props {
  conversationId: string | null
  documents: readonly Attachment[]
  view: ViewSize
}

/** Says, before anything is sent, how much of the documents would not be read; offers a view that holds them. */
export function TooLong({ conversationId, documents, view }: Props) {
  const { t, i18n } = useTranslation()
  const tokens = tokensOf(documents)
  const needed = tokens + Math.min(usuallyBesides, view.size / 4)
  if (documents.length === 0 || needed <= view.size) return null
  const wanted = Math.min(2 ** Math.ceil(Math.log2(needed)), view.most)
  const left = Math.min(1, (needed - view.size) / tokens)
  return (
    <div role="status" className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-small text-amber">
      <span className="min-w-0 flex-1 basis-64">
        {t('documents.tooLongForView', { percent: percent(left, i18n.language) })}
      </span>
      {needed <= wanted && wanted <= largestOffered ? (
        <Button onClick={() => setParameter(conversationId, 'num_ctx', wanted)}>{t('documents.makeRoom')}</Button>
      ) : null}
    </div>
  )
}
