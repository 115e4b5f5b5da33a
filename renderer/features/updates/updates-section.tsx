import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Update } from '../../../preload/contract.ts'
import { sentences } from '../../i18n/format.ts'
import { textWith } from '../../i18n/i18n.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { followUpdate, useUpdate } from './updates-store.ts'

/** Whether newer versions are looked for: for the settings page, as a row's control. */
export function UpdateChoice() {
  const { t } = useTranslation()
  const updates = useSettings(settings => settings.updates)
  return (
    <Choice
      label={t('updates.look')}
      value={updates}
      onChange={updates => attempt(() => changeSettings({ updates }))}
      choices={[
        { value: 'off', label: t('updates.off') },
        { value: 'notify', label: t('updates.notify') },
        { value: 'automatic', label: t('updates.automatic') },
      ]}
    />
  )
}

/** What is known of a newer version, and the next step. */
export function UpdateState() {
  const { t, i18n } = useTranslation()
  const { update } = useUpdate()
  useEffect(followUpdate, [])
  if (update === null) return null
  const step = nextStep(update)
  return (
    <div className="flex flex-1 flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <p role="status" className="min-w-0 flex-1 text-small leading-normal text-soft">
        {sentence(update, i18n.language)}
      </p>
      {step ? <Button onClick={() => attempt(() => take(step.call))}>{t(step.name)}</Button> : null}
    </div>
  )
}

function sentence(update: Update, language: string): string {
  const { state, checkedAt, problem, progress } = update
  if (problem !== null) {
    const { title, text } = problemWords(problem)
    return sentences([textWith(title, {}), textWith(text, {})], language)
  }
  if (state === 'idle') return textWith(checkedAt === null ? 'updates.unknown' : 'updates.none', {})
  return textWith(`updates.${state}`, { version: update.version ?? '', percent: String(Math.floor(progress * 100)) })
}

type Step = 'updates.check' | 'updates.download' | 'updates.install'

async function take(step: Step): Promise<void> {
  await call(step, {})
}

function nextStep({ state }: Update) {
  switch (state) {
    case 'idle':
      return { call: 'updates.check', name: 'updates.check' } as const
    case 'available':
      return { call: 'updates.download', name: 'updates.download' } as const
    case 'ready':
      return { call: 'updates.install', name: 'updates.restart' } as const
    default:
      return undefined
  }
}
