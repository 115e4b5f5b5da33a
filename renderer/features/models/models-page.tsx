import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { go, type ModelsView, usePlace } from '../../state/place.ts'
import { TabList, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { Discover } from './discover/discover.tsx'
import { InstalledSection } from './installed/installed-section.tsx'
import { ModelDialog } from './installed/model-dialog.tsx'
import { Create } from './making/create.tsx'
import { MakingsSection } from './making/makings-section.tsx'
import { TrialPanel } from './making/trial-panel.tsx'
import { refreshModels } from './models-store.ts'
import { placeTitleId } from './place-title.ts'
import { PullsSection } from './pulls/pulls-section.tsx'
import { RunningSection } from './running/running-section.tsx'

/** The first tab, which the place has no name for. */
const here = 'here' as const

/** The place where models are found, fetched, made, looked at and put away. */
export function ModelsPage() {
  const { t } = useTranslation()
  const view = usePlace(({ place }) => (place.kind === 'models' ? place.view : undefined)) ?? here
  useEffect(() => void refreshModels(), [])
  const show = (value: string) => go({ kind: 'models', view: value === here ? undefined : (value as ModelsView) })
  const tabs = [
    { value: here, label: t('manage.installedTab') },
    { value: 'discover', label: t('discover.tab') },
    { value: 'create', label: t('making.tab') },
  ] as const
  return (
    <>
      <main aria-label={t('manage.title')} className="relative flex min-w-0 flex-1 flex-col">
        <Tabs value={view} onValueChange={show} className="flex min-h-0 flex-1 flex-col">
          <header className="flex h-(--header) flex-none items-center gap-6 border-b border-line px-5">
            <h1 id={placeTitleId} tabIndex={-1} className="font-bold outline-none">
              {t('manage.title')}
            </h1>
            <TabList label={t('manage.views')} tabs={tabs} />
          </header>
          <div className="column-box min-h-0 flex-1 scroll-pb-32 px-6">
            <div className="mx-auto max-w-column pb-12">
              <PullsSection />
              <MakingsSection />
              <TabPanel value={here} className="outline-none">
                <RunningSection />
                <InstalledSection />
              </TabPanel>
              <TabPanel value="discover" className="outline-none">
                <Discover />
              </TabPanel>
              <TabPanel value="create" className="outline-none">
                <Create />
              </TabPanel>
            </div>
          </div>
        </Tabs>
        <ModelDialog />
      </main>
      {view === 'create' ? <TrialPanel /> : null}
    </>
  )
}
