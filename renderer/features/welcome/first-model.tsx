import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../../i18n/format.ts'
import { call } from '../../state/bridge.ts'
import { useConversations } from '../../state/conversations.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { Button } from '../../ui/button.tsx'
import { readCatalogue, useDiscover } from '../models/discover/discover-store.ts'
import { FitLine } from '../models/discover/fit-line.tsx'
import { GetButton } from '../models/discover/size-row.tsx'
import { modelKey } from '../models/installed-model.ts'
import { useModels } from '../models/models-store.ts'
import { useModelsAway } from '../models/none-words.ts'
import { useOtherFolders } from '../models/other-folders.ts'
import { OllamasModels, UnreadableModels } from './ollamas-models.tsx'

/**
 * For somebody who has only the demo: the models of an Ollama in another folder, else one that fits this computer. For
 * somebody with Ollama: what was found.
 */
export function FirstModel() {
  const models = useModels(state => state.models)
  const chats = useConversations(state => state.conversations)
  const away = useModelsAway()
  const [found, setFound] = useState<readonly string[]>([])
  useEffect(() => attempt(async () => setFound((await call('models.found', {})).models)), [])
  const folders = useOtherFolders()
  if (!models) return null
  const others = models.filter(({ demo }) => !demo)
  if (others.length === 0) {
    if (!folders) return <Room />
    const folder = folders.find(({ access }) => access !== 'none')
    if (folder) return <OllamasModels folder={folder} />
    return (
      <>
        {away === false ? <Proposal /> : null}
        {folders.length > 0 ? <UnreadableModels /> : null}
      </>
    )
  }
  // Not those that Hearth has brought or made since.
  const ollamas = others.filter(({ name }) => found.some(other => modelKey(other) === modelKey(name)))
  return chats?.length === 0 && ollamas.length > 0 ? <Existing count={ollamas.length} /> : null
}

function Proposal() {
  const { t, i18n } = useTranslation()
  const { catalogue, failed, looked } = useDiscover()
  useEffect(() => attempt(readCatalogue), [])
  if (!catalogue && !failed) return <Room />
  const family = catalogue?.families.find(({ sizes }) => sizes.some(({ model }) => model === catalogue.proposal))
  const size = family?.sizes.find(({ model }) => model === catalogue?.proposal)
  if (!family || !size) return null
  return (
    <section
      aria-label={t('discover.proposed')}
      className="mt-8 w-full max-w-[32rem] rounded-box border border-line bg-raised p-4 text-left"
    >
      <h3 className="text-small text-faint">{t('discover.proposed')}</h3>
      <p className="pt-1 font-medium">
        {family.name} <span className="text-small font-normal text-soft">{fileSize(size.bytes, i18n.language)}</span>
      </p>
      <p className="text-row leading-normal">{t(`catalogue.families.${family.id}` as 'catalogue.families.qwen3')}</p>
      <p className="pt-1 text-small leading-normal text-soft">
        <FitLine fit={size.fit} looked={looked[size.model]} />
      </p>
      <div className="flex flex-wrap items-center gap-2 pt-3">
        <GetButton model={size.model} name={family.name} chats look="primary" />
        <Button look="quiet" onClick={() => go({ kind: 'models', view: 'discover' })}>
          {t('discover.more')}
        </Button>
      </div>
    </section>
  )
}

/** Kept for what is on its way, so that nothing moves under the pointer when it comes. */
const Room = () => <div aria-hidden className="mt-8 h-44" />

function Existing({ count }: { count: number }) {
  const { t } = useTranslation()
  return <p className="mt-6 max-w-[32rem] text-small text-soft">{t('discover.existing', { count })}</p>
}
