import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize, sentences } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { refreshModels, useModels } from '../models-store.ts'
import { ModelCard } from './model-card.tsx'
import { refreshStorage, useStorage } from './storage-store.ts'

/** The models on this computer, and what they take of its disk. */
export function InstalledSection() {
  const { t } = useTranslation()
  const { models, problem } = useModels()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the disk holds changes with the list
  useEffect(() => attempt(refreshStorage), [models])
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
      {models ? <Total count={models.length} /> : null}
      <ul className="grid gap-3 pt-3 wide:grid-cols-2">
        {models?.map(model => (
          <ModelCard key={model.name} model={model} />
        ))}
      </ul>
    </section>
  )
}

/** How much they take in all; a file that several models share counts once. */
function Total({ count }: { count: number }) {
  const { t, i18n } = useTranslation()
  const storage = useStorage(state => state.storage)
  if (count === 0) return <p className="text-small text-soft">{t('manage.nothing')}</p>
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
