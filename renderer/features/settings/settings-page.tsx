import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../preload/contract.ts'
import { shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Choice } from '../../ui/choice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { windowActions } from '../actions/actions.ts'
import { ExportAllButton, ImportButton } from '../transfer/your-chats.tsx'

export function SettingsPage() {
  const { t } = useTranslation()
  const settings = useSettings()
  const { apiAddress, version, platform } = useAppInfo()
  const change = (next: Partial<Settings>) => attempt(() => changeSettings(next))
  return (
    <main aria-label={t('settings.title')} className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-(--header) flex-none items-center border-b border-line px-5">
        <h1 className="font-bold">{t('settings.title')}</h1>
      </header>
      <div className="column-box min-h-0 flex-1 px-6">
        <div className="mx-auto max-w-column pb-12">
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
                  { value: 'en', label: 'English' },
                  { value: 'zh-CN', label: '简体中文' },
                ]}
              />
            </Row>
          </Section>
          <Section title={t('transfer.yourChats')}>
            <Row name={t('transfer.keep')} hint={t('transfer.keepHint')}>
              <ExportAllButton />
            </Row>
            <Row name={t('transfer.bring')} hint={t('transfer.bringHint')}>
              <ImportButton />
            </Row>
          </Section>
          <Section title={t('settings.api')}>
            <Row name={t('settings.address')} hint={t(apiAddress ? 'settings.addressHint' : 'settings.addressOff')}>
              {apiAddress ? (
                <div className="flex items-center gap-1 rounded-small border border-line bg-raised py-0.5 pr-1 pl-3">
                  <code className="font-mono text-small select-all">{apiAddress}</code>
                  <CopyButton text={apiAddress} label={t('settings.copyAddress')} />
                </div>
              ) : null}
            </Row>
          </Section>
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
          <Section title={t('settings.about')}>
            <Row name={t('settings.version')} hint={t('settings.private')}>
              <span className="text-row text-soft tabular-nums select-all">{version}</span>
            </Row>
          </Section>
        </div>
      </div>
    </main>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="pt-8">
      <h2 className="pb-1 text-small font-medium text-faint">{title}</h2>
      <div className="divide-y divide-line border-y border-line">{children}</div>
    </section>
  )
}

function Row({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="max-w-[26rem]">
        <p>{name}</p>
        {hint ? <p className="text-small leading-normal text-soft">{hint}</p> : null}
      </div>
      {children}
    </div>
  )
}
