import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { InstalledSection } from './installed/installed-section.tsx'
import { ModelDialog } from './installed/model-dialog.tsx'
import { refreshModels } from './models-store.ts'
import { GetModel } from './pulls/get-model.tsx'
import { PullsSection } from './pulls/pulls-section.tsx'
import { RunningSection } from './running/running-section.tsx'

/** The place where models are fetched, looked at and put away. */
export function ModelsPage() {
  const { t } = useTranslation()
  useEffect(() => void refreshModels(), [])
  return (
    <main aria-label={t('manage.title')} className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-(--header) flex-none items-center border-b border-line px-5">
        <h1 className="font-bold">{t('manage.title')}</h1>
      </header>
      <div className="column-box min-h-0 flex-1 px-6">
        <div className="mx-auto max-w-column pb-12">
          <GetModel />
          <PullsSection />
          <RunningSection />
          <InstalledSection />
        </div>
      </div>
      <ModelDialog />
    </main>
  )
}
