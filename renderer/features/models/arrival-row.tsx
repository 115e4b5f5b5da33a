import { CheckIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  name: string
  isReady: boolean
  /** The buttons beside the name. */
  actions: ReactNode
  /** How far it is, while it is not ready, and what went wrong. */
  children: ReactNode
}

/** A model that comes to be on this computer, from elsewhere or of others: a line of its list. */
export function ArrivalRow({ name, isReady, actions, children }: Props) {
  const { t } = useTranslation()
  return (
    <li aria-label={name} className="rounded-box border border-line bg-raised px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h3 dir="auto" className="min-w-48 flex-1 truncate font-bold">
          {name}
        </h3>
        <div className="flex gap-2">{actions}</div>
      </div>
      {isReady ? (
        <p role="status" className="flex items-center gap-2 pt-1 text-small text-leaf">
          <CheckIcon aria-hidden />
          {t('manage.ready')}
        </p>
      ) : null}
      {children}
    </li>
  )
}
