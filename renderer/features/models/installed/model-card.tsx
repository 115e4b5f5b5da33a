import { EllipsisIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../../../i18n/format.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ActionItems, Menu } from '../../../ui/menu.tsx'
import { chatWith } from '../chat-with.ts'
import { FitLine } from '../discover/fit-line.tsx'
import { useFit, useFits } from '../fits-store.ts'
import type { InstalledModel } from '../installed-model.ts'
import { ModelTitle } from '../model-title.tsx'
import { modelActions } from './model-actions.ts'
import { openModelDialog } from './model-dialog-store.ts'

const buttonId = (name: string) => `actions-of-${name}`

/** Where the focus goes when a dialog about a model closes; the list itself when the model is no longer there. */
export const cardButton = (name: string) =>
  document.getElementById(buttonId(name)) ?? document.getElementById('installed-models')

/** A model on this computer: what it is, what it can do, and what can be done with it. */
export function ModelCard({ model }: { model: InstalledModel }) {
  const { t, i18n } = useTranslation()
  const { name, parameters, size, abilities, demo, chats } = model
  const fit = useFit(name)
  const looked = useFits(({ fits }) => fits !== null)
  const facts = [fileSize(size, i18n.language), parameters && t('models.parameters', { size: parameters })]
  return (
    <li aria-label={name} className="flex flex-col rounded-box border border-line bg-raised px-5 py-4">
      <h3 dir="auto" className="flex items-center gap-2 font-bold">
        <ModelTitle name={name} />
      </h3>
      <p className="text-small text-soft">{facts.filter(Boolean).join(' · ')}</p>
      {/* Its room is kept, so that no button moves under the pointer when it comes. */}
      {fit || !looked ? (
        <p className="mt-2 min-h-[2lh] text-small leading-normal text-soft">
          <FitLine fit={fit} looked={undefined} chats={chats} />
        </p>
      ) : null}
      {demo ? <p className="pt-2 text-small leading-normal text-soft">{t('models.demoSentence')}</p> : null}
      {abilities.length > 0 ? (
        <ul className="flex flex-wrap gap-1.5 pt-3 text-tiny text-soft">
          {abilities.map(ability => (
            <li key={ability} className="rounded-small border border-line px-2 py-px">
              {t(`manage.${ability}`)}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="mt-auto -mr-2 flex items-center gap-2 pt-4">
        {chats ? <Button onClick={() => chatWith(name)}>{t('manage.chat')}</Button> : null}
        <Button look="quiet" onClick={() => openModelDialog('details', model)}>
          {t('manage.details')}
        </Button>
        <span className="flex-1" />
        <Menu
          trigger={
            <IconButton id={buttonId(name)} icon={EllipsisIcon} label={t('manage.actionsFor', { model: name })} />
          }
        >
          <ActionItems actions={modelActions} subject={model} />
        </Menu>
      </div>
    </li>
  )
}
