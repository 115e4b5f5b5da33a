import { EyeOffIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { shortModelName } from '../models/installed-model.ts'
import { pickModel, useModels } from '../models/models-store.ts'
import type { ModelChoice } from '../models/use-model.ts'

/** Whether it is known that a model takes no pictures. */
export const isBlind = ({ installed }: ModelChoice): boolean => installed?.sees === false

interface Props {
  conversationId: string | null
  /** Its name. */
  model: string
  /** The pictures are in the question to be sent, not in earlier ones. */
  asked: boolean
}

/** Says, before anything is sent, that the model cannot see; offers the newest one on this computer that can. */
export function CannotSee({ conversationId, model, asked }: Props) {
  const { t } = useTranslation()
  const seeing = useModels(state => state.models?.find(({ chats, sees }) => chats && sees))
  const name = shortModelName(model)
  return (
    <div role="status" className="mb-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-small text-amber">
      <span className="flex min-w-0 flex-1 basis-64 items-center gap-2">
        <EyeOffIcon aria-hidden className="flex-none" />
        <span>
          {t(asked ? 'pictures.cannotSee' : 'pictures.answersWithout', { model: name })}{' '}
          {asked && !seeing ? t('pictures.noneSees') : null}
        </span>
      </span>
      {seeing ? (
        <Button onClick={() => attempt(() => pickModel(conversationId, seeing.name))}>
          {t('pictures.use', { model: seeing.name })}
        </Button>
      ) : null}
    </div>
  )
}
