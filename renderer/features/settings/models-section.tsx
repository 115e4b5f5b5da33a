import { useTranslation } from 'react-i18next'
import { duration, number } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Choice } from '../../ui/choice.tsx'
import { Row, Section } from '../../ui/page.tsx'
import { ModelsFolder } from './models-folder.tsx'

/** Tokens. */
const contexts = [4096, 8192, 32_768, 131_072]
/** Seconds. */
const stays = [0, 300, 3600]

/** How models are loaded where neither they nor the chat say otherwise. */
export function ModelsSection() {
  const { t, i18n } = useTranslation()
  const { contextLength, keepAlive } = useSettings()
  const contextName = t('settings.context')
  const staysName = t('settings.keepAlive')
  return (
    <Section title={t('manage.title')}>
      <Row name={contextName} hint={t('settings.contextHint')}>
        <Choice
          label={contextName}
          value={String(contextLength)}
          onChange={value => attempt(() => changeSettings({ contextLength: value === 'null' ? null : Number(value) }))}
          choices={[
            { value: 'null', label: t('settings.automatic') },
            ...withChosen(contexts, contextLength).map(tokens => ({
              value: String(tokens),
              label: number(tokens, i18n.language),
            })),
          ]}
        />
      </Row>
      <Row name={staysName} hint={t('settings.keepAliveHint')}>
        <Choice
          label={staysName}
          value={String(keepAlive)}
          onChange={value => attempt(() => changeSettings({ keepAlive: value === 'null' ? null : Number(value) }))}
          choices={[
            { value: 'null', label: t('settings.automatic') },
            ...withChosen(stays, keepAlive === -1 ? null : keepAlive).map(seconds => ({
              value: String(seconds),
              label: seconds === 0 ? t('settings.notAtAll') : duration(seconds, i18n.language),
            })),
            { value: '-1', label: t('settings.always') },
          ]}
        />
      </Row>
      <ModelsFolder />
    </Section>
  )
}

/** What was written into settings.json by hand is shown, too. */
const withChosen = (offered: readonly number[], chosen: number | null): number[] =>
  [...new Set([...offered, ...(chosen === null ? [] : [chosen])])].sort((a, b) => a - b)
