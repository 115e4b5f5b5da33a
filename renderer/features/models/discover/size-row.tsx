import { CheckIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { chatWith } from '../chat-with.ts'
import { modelKey } from '../installed-model.ts'
import { useModels } from '../models-store.ts'
import { PullGlance } from '../pulls/pull-glance.tsx'
import { startPull, usePulls } from '../pulls/pulls-store.ts'
import { lookClosely, useDiscover } from './discover-store.ts'
import { FitLine } from './fit-line.tsx'
import { type CatalogueSize, parameterSize } from './matches.ts'

/** One download of a family: how large it is, whether it runs here, and the button that gets it. */
export function SizeRow({ size, chats }: { size: CatalogueSize; chats: boolean }) {
  const { t, i18n } = useTranslation()
  const { model, parameters, bytes, fit } = size
  const looked = useDiscover(state => state.looked[model])
  const facts = [
    t('discover.download', { size: fileSize(bytes, i18n.language) }),
    t('models.parameters', { size: parameterSize(parameters) }),
  ]
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-[min(14rem,100%)] flex-1">
        <p className="text-row">{facts.join(' · ')}</p>
        <p role="status" className="text-small leading-normal text-soft">
          <FitLine fit={fit} looked={looked} chats={chats} />
        </p>
      </div>
      <div className="flex items-center gap-1">
        {looked && looked.state !== 'failed' ? null : (
          <Button
            look="quiet"
            title={t('discover.checkHint')}
            aria-label={t('discover.checkModel', { model })}
            onClick={() => attempt(() => lookClosely({ model, insecure: false }))}
          >
            {t('discover.check')}
          </Button>
        )}
        <GetButton model={model} chats={chats} />
      </div>
    </li>
  )
}

interface GetProps {
  model: string
  /** What to call it, where its own name says little. */
  name?: string
  chats: boolean
  look?: 'primary'
}

/** Gets a model; where it is here already or on its way, says so. */
export function GetButton({ model, name = model, chats, look }: GetProps) {
  const { t } = useTranslation()
  const here = useModels(({ models }) => models?.some(({ name }) => modelKey(name) === modelKey(model)))
  const pull = usePulls(({ pulls }) => pulls.find(other => modelKey(other.model) === modelKey(model)))
  if (here && chats) return <Button onClick={() => chatWith(model)}>{t('manage.chat')}</Button>
  if (here) {
    return (
      <span className="flex items-center gap-1.5 px-2 text-small text-leaf">
        <CheckIcon aria-hidden />
        {t('discover.here')}
      </span>
    )
  }
  if (pull && pull.state !== 'done') {
    return (
      <span className={`text-small text-soft tabular-nums ${look === 'primary' ? '' : 'px-2'}`}>
        <PullGlance pull={pull} />
      </span>
    )
  }
  return (
    <Button
      look={look}
      aria-label={t('discover.getModel', { model: name })}
      onClick={() => attempt(() => startPull({ model, insecure: false }))}
    >
      {t('discover.get')}
    </Button>
  )
}
