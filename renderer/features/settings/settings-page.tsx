import { useTranslation } from 'react-i18next'
import type { CallInput } from '../../../preload/contract.ts'
import { languageNames, languages } from '../../../preload/contract-languages.ts'
import { shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Choice } from '../../ui/choice.tsx'
import { Page, Row, Section } from '../../ui/page.tsx'
import { SectionMenu } from '../../ui/section-menu.tsx'
import { Switch } from '../../ui/switch.tsx'
import { windowActions } from '../actions/actions.ts'
import { BackupsSection } from '../backups/backups-section.tsx'
import { CommandSection } from '../command/command-section.tsx'
import { QuickKey } from '../quick/quick-key.tsx'
import { ExportAllButton, ImportButton } from '../transfer/your-chats.tsx'
import { UpdateChoice, UpdateState } from '../updates/updates-section.tsx'
import { useUpdate } from '../updates/updates-store.ts'
import { ModelsSection } from './models-section.tsx'
import { PrivacySection } from './privacy-section.tsx'
import { StorageSection } from './storage-section.tsx'
import { TextSize } from './text-size.tsx'

export function SettingsPage() {
  const { t } = useTranslation()
  const settings = useSettings()
  const { version, platform } = useAppInfo()
  const updatable = useUpdate(({ update }) => update?.state !== 'unavailable')
  const change = (next: CallInput<'settings.change'>) => attempt(() => changeSettings(next))
  return (
    <Page title={t('settings.title')} tools={<SectionMenu label={t('settings.goTo')} />}>
      <Section title={t('settings.look')}>
        <Row name={t('settings.theme')}>
          <Choice
            label={t('settings.theme')}
            value={settings.theme}
            onChange={theme => change({ theme })}
            choices={[
              { value: 'system', label: t('settings.themeSystem') },
              { value: 'light', label: t('settings.themeLight') },
              { value: 'dark', label: t('settings.themeDark') },
            ]}
          />
        </Row>
        <Row name={t('settings.language')}>
          <Choice
            label={t('settings.language')}
            value={settings.language}
            onChange={language => change({ language })}
            choices={[
              { value: 'system', label: t('settings.languageSystem') },
              ...languages.map(value => ({ value, label: languageNames[value] })),
            ]}
          />
        </Row>
        <TextSize />
      </Section>
      <Section title={t('settings.windows')}>
        <Row name={t('settings.tray')} hint={t('settings.trayHint')}>
          <Switch labelHidden label={t('settings.tray')} checked={settings.tray} onChange={tray => change({ tray })} />
        </Row>
        <QuickKey />
      </Section>
      <ModelsSection />
      <Section title={t('transfer.yourChats')}>
        <Row name={t('settings.modelTitles')} hint={t('settings.modelTitlesHint')}>
          <Switch
            labelHidden
            label={t('settings.modelTitles')}
            checked={settings.modelTitles}
            onChange={modelTitles => change({ modelTitles })}
          />
        </Row>
        <Row name={t('transfer.keep')} hint={t('transfer.keepHint')}>
          <ExportAllButton />
        </Row>
        <Row name={t('transfer.bring')} hint={t('transfer.bringHint')}>
          <ImportButton />
        </Row>
      </Section>
      <BackupsSection />
      <StorageSection />
      <CommandSection />
      <PrivacySection />
      <Section title={t('settings.shortcuts')}>
        {windowActions
          .filter(action => action.shortcut)
          .map(action => (
            <Row key={action.id} name={t(action.name)}>
              <kbd className="rounded-small border border-line bg-raised px-2 py-0.5 font-sans text-tiny text-soft">
                {shortcutLabel(action.shortcut ?? '', platform)}
              </kbd>
            </Row>
          ))}
      </Section>
      <Section title={t('updates.title')}>
        {updatable ? (
          <Row name={t('updates.look')} hint={t('updates.lookHint')}>
            <UpdateChoice />
          </Row>
        ) : null}
        <div className="flex min-h-14 items-center py-3">
          <UpdateState />
        </div>
      </Section>
      <Section title={t('settings.about')}>
        <Row name={t('settings.version')} hint={t('settings.private')}>
          <span className="text-row text-soft tabular-nums select-all">{version}</span>
        </Row>
      </Section>
    </Page>
  )
}
