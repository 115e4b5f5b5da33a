import { EyeOffIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { sentences } from '../../i18n/format.ts'
import { isQuickWindow } from '../../state/quick-window.ts'
import { Button } from '../../ui/button.tsx'
import { showModelsFor } from '../models/discover/discover-store.ts'
import { shortModelName } from '../models/installed-model.ts'
import { useModels } from '../models/models-store.ts'
import type { ModelChoice } from '../models/use-model.ts'

/** Whether it is known that a model takes no pictures. */
export const isBlind = ({ installed }: ModelChoice): boolean => installed?.sees === false

/** What is said of pictures in a question to be sent, in earlier ones, in what a form is to be run on. */
const words = {
  question: { says: 'pictures.cannotSee', none: 'pictures.noneSees' },
  earlier: { says: 'pictures.answersWithout', none: undefined },
  form: { says: 'pictures.cannotSee', none: 'forms.noneSees' },
} as const

interface Props {
  /** Its name. */
  model: string
  where: keyof typeof words
  /** Another model is to be asked. */
  onUse: (model: string) => void
  /** What else can be done about it. */
  children?: ReactNode
}

/**
 * Says, before anything is sent, that the model cannot see; offers the newest one on this computer that can, else to
 * look for one.
 */
export function CannotSee({ model, where, onUse, children }: Props) {
  const { t, i18n } = useTranslation()
  const seeing = useModels(state => state.models?.find(({ chats, sees }) => chats && sees))
  const { says, none } = words[where]
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-small text-amber">
      <span className="flex min-w-0 flex-1 basis-64 items-center gap-2">
        <EyeOffIcon aria-hidden className="flex-none" />
        <span>
          {sentences([t(says, { model: shortModelName(model) }), none && !seeing ? t(none) : null], i18n.language)}
        </span>
      </span>
      <span className="flex flex-wrap gap-2 empty:hidden">
        {children}
        {seeing ? (
          <Button onClick={() => onUse(seeing.name)}>{t('pictures.use', { model: seeing.name })}</Button>
        ) : null}
        {none && !seeing && !isQuickWindow() ? (
          <Button onClick={() => showModelsFor('pictures')}>{t('pictures.findOne')}</Button>
        ) : null}
      </span>
    </div>
  )
}
