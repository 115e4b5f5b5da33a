import { useTranslation } from 'react-i18next'
import type { OtherFolder } from '../../../preload/contract.ts'
import { fileSize, gap, sentences } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { Button } from '../../ui/button.tsx'
import { takeFolder } from '../models/other-folders.ts'

/** Models that an Ollama keeps in a folder of its own, which Hearth can use as they are. */
export function OllamasModels({ folder }: { folder: OtherFolder }) {
  const { t, i18n } = useTranslation()
  const { path, models, bytes, access } = folder
  const size = fileSize(bytes, i18n.language)
  return (
    <section
      aria-label={t('welcome.ollamas')}
      className="mt-8 w-full max-w-[32rem] rounded-box border border-line bg-raised p-4 text-left"
    >
      <h3 className="text-small text-faint">{t('welcome.ollamas')}</h3>
      <p className="pt-1 font-medium">{t('settings.otherModels', { count: models, size })}</p>
      <p className="pt-1 text-row leading-normal break-words">
        {sentences(
          [t('welcome.ollamasText', { folder: path }), access === 'read' ? t('settings.other_read') : null],
          i18n.language,
        )}
      </p>
      <div className="flex flex-wrap items-center gap-2 pt-3">
        <Button look="primary" onClick={() => attempt(() => takeFolder(path))}>
          {t('welcome.useOllamas')}
        </Button>
        <Button look="quiet" onClick={() => go({ kind: 'models', view: 'discover' })}>
          {t('discover.more')}
        </Button>
      </div>
    </section>
  )
}

/** Models of an Ollama that may not be looked into; the settings say what can be done about it. */
export function UnreadableModels() {
  const { t, i18n } = useTranslation()
  return (
    <p className="mt-4 max-w-[32rem] text-small text-soft">
      {t('welcome.unreadable')}
      {gap(i18n.language)}
      <button
        type="button"
        onClick={() => go({ kind: 'settings' })}
        className="rounded-small underline underline-offset-2 transition-colors hover:text-ink"
      >
        {t('welcome.toSettings')}
      </button>
    </p>
  )
}
