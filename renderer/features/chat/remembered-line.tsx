import { useTranslation } from 'react-i18next'

/** Between the messages the model reads no more and those it reads. */
export function RememberedLine() {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-3 pb-6">
      <span aria-hidden className="h-px flex-1 bg-line-strong" />
      <p className="max-w-[80%] text-center text-small text-faint">{t('chat.remembersFrom')}</p>
      <span aria-hidden className="h-px flex-1 bg-line-strong" />
    </div>
  )
}
