import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { attempt } from '../../state/perform.ts'
import { Choice } from '../../ui/choice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Page, Row, Section } from '../../ui/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { ExamplesSection } from './examples-section.tsx'
import { LogSection } from './log-section.tsx'
import { OriginsField } from './origins-field.tsx'
import { PortField } from './port-field.tsx'
import { changeServer, followServer, useServer } from './server-store.ts'

/** The place where other programs are let in, or not. */
export function ServerPage() {
  const { t } = useTranslation()
  const state = useServer(server => server.state)
  useEffect(followServer, [])
  if (state === null) return <Page title={t('server.title')}>{null}</Page>
  const { on, reach, addresses } = state
  const [address] = addresses
  return (
    <Page title={t('server.title')}>
      <p className="pt-6 text-row text-soft">{t('server.about')}</p>
      <Section title={t('server.door')}>
        <Row name={t('server.on')} hint={t(on ? (address ? 'server.onHint' : 'server.onNowhere') : 'server.offHint')}>
          <Switch
            labelHidden
            label={t('server.on')}
            checked={on}
            onChange={apiOn => attempt(() => changeServer({ apiOn }))}
          />
        </Row>
        {addresses.map((each, index) => (
          <Row key={each} name={t(index === 0 ? 'server.address' : 'server.addressForOthers')}>
            <div className="flex max-w-full items-center gap-1 rounded-small border border-line bg-raised py-0.5 pr-1 pl-3">
              <code className="min-w-0 font-mono text-small break-all select-all">{each}</code>
              <CopyButton text={each} label={t('server.copyAddress')} />
            </div>
          </Row>
        ))}
        <Row name={t('server.reach')} hint={t(reach === 'network' ? 'server.networkHint' : 'server.computerHint')}>
          <Choice
            label={t('server.reach')}
            value={reach}
            onChange={apiReach => attempt(() => changeServer({ apiReach }))}
            choices={[
              { value: 'computer', label: t('server.computer') },
              { value: 'network', label: t('server.network') },
            ]}
          />
        </Row>
        <PortField port={state.port} />
        <OriginsField origins={state.origins} />
      </Section>
      <LogSection />
      {address ? <ExamplesSection address={address} /> : null}
    </Page>
  )
}
