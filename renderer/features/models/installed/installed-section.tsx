import { BoxIcon, PlusIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize, sentences } from '../../../i18n/format.ts'
import { useConversations } from '../../../state/conversations.ts'
import { attempt } from '../../../state/perform.ts'
import { go } from '../../../state/place.ts'
import { Button } from '../../../ui/button.tsx'
import { NothingHere } from '../../../ui/nothing-here.tsx'
import { refreshFits } from '../fits-store.ts'
import type { InstalledModel } from '../installed-model.ts'
import { refreshModels, useModels } from '../models-store.ts'
import { enough, ListTools, rememberedOrder } from './list-tools.tsx'
import { filtered, lastUses, ordered } from './listing.ts'
import { ModelCard } from './model-card.tsx'
import { refreshStorage, useStorage } from './storage-store.ts'

const toDiscover = () => go({ kind: 'models', view: 'discover' })

/** The models on this computer, and what they take of its disk. */
export function InstalledSection() {
  const { t } = useTranslation()
  const { models, problem } = useModels()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the disk holds changes with the list
  useEffect(() => {
    attempt(refreshStorage)
    attempt(refreshFits)
  }, [models])
  return (
    <section aria-label={t('manage.installed')} className="pt-8">
      <h2 id="installed-models" tabIndex={-1} className="font-bold outline-none">
        {t('manage.installed')}
      </h2>
      {problem ? (
        <p role="alert" className="flex flex-wrap items-center gap-3 py-2 text-row text-soft">
          {t('models.failed')}
          <Button onClick={() => attempt(refreshModels)}>{t('models.retry')}</Button>
        </p>
      ) : null}
      {models && models.length > 0 ? <Total count={models.length} /> : null}
      {models?.length === 0 ? (
        <NothingHere icon={BoxIcon} text={t('manage.nothing')}>
          <Button look="primary" onClick={toDiscover}>
            {t('discover.find')}
          </Button>
        </NothingHere>
      ) : null}
      {models ? <Models models={models} /> : null}
    </section>
  )
}

/** Their cards; a long list can be filtered and sorted, a short one shows the newest first. */
function Models({ models }: { models: readonly InstalledModel[] }) {
  const { t } = useTranslation()
  const conversations = useConversations(state => state.conversations)
  const [words, setWords] = useState('')
  const [order, setOrder] = useState(rememberedOrder)
  const long = models.length >= enough
  const read = ({ name, parameters, abilities }: InstalledModel) =>
    [name, parameters, ...abilities.map(ability => t(`manage.${ability}`))].join(' ')
  const shown = long ? filtered(ordered(models, order, lastUses(conversations ?? [])), words, read) : models
  return (
    <>
      {long ? <ListTools words={words} onWords={setWords} order={order} onOrder={setOrder} /> : null}
      <p role="status" className="flex flex-wrap items-center gap-3 pt-4 text-small text-soft empty:hidden">
        {shown.length === 0 && words !== '' ? t('manage.noneFound') : null}
        {shown.length === 0 && words !== '' ? (
          <Button onClick={() => setWords('')}>{t('manage.showAll')}</Button>
        ) : null}
      </p>
      <ul className="grid grid-cols-1 gap-3 pt-3 wide:grid-cols-2">
        {shown.map(model => (
          <ModelCard key={model.name} model={model} />
        ))}
        {models.length === 1 && models[0]?.demo ? (
          <li className="grid place-items-center rounded-box border border-dashed border-line-strong p-6">
            <Button look="quiet" onClick={toDiscover}>
              <PlusIcon aria-hidden />
              {t('discover.more')}
            </Button>
          </li>
        ) : null}
      </ul>
    </>
  )
}

/** How much they take in all; a file that several models share counts once. */
function Total({ count }: { count: number }) {
  const { t, i18n } = useTranslation()
  const storage = useStorage(state => state.storage)
  if (!storage) return null
  const size = (bytes: number) => fileSize(bytes, i18n.language)
  return (
    <p className="text-small text-soft">
      {sentences(
        [
          t('manage.total', { count, size: size(storage.total) }),
          storage.free === null ? null : t('manage.free', { size: size(storage.free) }),
        ],
        i18n.language,
      )}
    </p>
  )
}
