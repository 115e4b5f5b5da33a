import { CheckIcon, CircleDashedIcon, LoaderIcon, PencilIcon, TriangleAlertIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FormRow } from '../../../../preload/contract.ts'

/** How a row stands, as a sign. */
export function StateMark({ row }: { row: FormRow }) {
  const { t } = useTranslation()
  const {
    icon: Icon,
    words,
    look,
  } = row.state === 'waiting'
    ? { icon: CircleDashedIcon, words: t('forms.waiting'), look: 'text-faint' }
    : row.state === 'running'
      ? { icon: LoaderIcon, words: t('forms.running'), look: 'breathe text-ember-text' }
      : row.state === 'failed'
        ? { icon: TriangleAlertIcon, words: t('forms.failed'), look: 'text-rose' }
        : row.corrected
          ? { icon: PencilIcon, words: t('forms.corrected'), look: 'text-faint' }
          : { icon: CheckIcon, words: t('forms.done'), look: 'text-leaf' }
  return (
    <span title={words} className={`flex-none ${look}`}>
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{words}</span>
    </span>
  )
}
