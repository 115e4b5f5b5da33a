import { TriangleAlertIcon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { mostAttachments } from '../../../preload/contract-limits.ts'
import { sentences } from '../../i18n/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import type { Refusals } from './draft-pictures.ts'

interface Props {
  refusals: Refusals
  onDismiss: () => void
}

/** Why files were not taken, until it is put away or something else is done with the pictures. */
export function RefusedPictures({ refusals: { last, others, tooMany }, onDismiss }: Props) {
  const { t, i18n } = useTranslation()
  if (!last && tooMany === 0) return null
  return (
    <div className="mb-2.5 flex items-start gap-2 text-small text-rose">
      <TriangleAlertIcon aria-hidden className="my-2" />
      <div role="alert" className="min-w-0 flex-1 py-1.5">
        {last ? (
          <p dir="auto" className="break-words">
            {sentences(
              [
                ...(last.reason
                  ? [
                      t('pictures.refused', { name: last.name || t('pictures.untitled'), reason: t(last.reason) }),
                      t(last.advice),
                    ]
                  : [t('forms.refused', { name: last.name, reason: t(last.advice) })]),
                others > 0 ? t('pictures.refusedMore', { count: others }) : null,
              ],
              i18n.language,
            )}
          </p>
        ) : null}
        {tooMany > 0 ? <p>{t('pictures.tooMany', { count: tooMany, most: mostAttachments })}</p> : null}
      </div>
      <IconButton icon={XIcon} label={t('app.dismiss')} onClick={onDismiss} />
    </div>
  )
}
