import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StorageUsage } from '../../../preload/contract.ts'
import { fileSize } from '../../i18n/format.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { useSettings } from '../../state/settings.ts'
import { Section } from '../../ui/page.tsx'
import { useMakings } from '../models/making/makings-store.ts'
import { useModels } from '../models/models-store.ts'
import { usePulls } from '../models/pulls/pulls-store.ts'

/** What is counted, in the order of the bar, with its colour. */
const parts = [
  { name: 'models', colour: 'bg-ember' },
  { name: 'conversations', colour: 'bg-leaf' },
  { name: 'pictures', colour: 'bg-amber' },
  { name: 'forms', colour: 'bg-(--code-function)' },
  { name: 'backups', colour: 'bg-ink' },
  { name: 'caches', colour: 'bg-faint' },
] as const

/** What Hearth takes on the disk, as a bar and in figures. */
export function StorageSection() {
  const { t, i18n } = useTranslation()
  const usage = useUsage()
  if (usage === null) return null
  const total = parts.reduce((sum, { name }) => sum + usage[name], 0)
  const size = (bytes: number) => fileSize(bytes, i18n.language)
  return (
    <Section title={t('settings.storage')}>
      <div className="py-4">
        <div aria-hidden className="flex h-2.5 gap-0.5 overflow-hidden rounded-pill bg-sunk">
          {parts.map(({ name, colour }) => (
            <div key={name} className={colour} style={{ flexGrow: usage[name] / Math.max(1, total), minWidth: 2 }} />
          ))}
        </div>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 pt-3.5 text-small wide:grid-cols-6">
          {parts.map(({ name, colour }) => (
            <div key={name}>
              <dt className="flex items-center gap-2 text-soft">
                <span aria-hidden className={`size-2 rounded-pill ${colour}`} />
                {t(`settings.storage_${name}`)}
              </dt>
              <dd className="pl-4 tabular-nums">{size(usage[name])}</dd>
            </div>
          ))}
        </dl>
        {usage.free === null ? null : (
          <p className="pt-3 text-small text-faint">{t('settings.storageFree', { size: size(usage.free) })}</p>
        )}
      </div>
    </Section>
  )
}

/** How often it is looked again while models come. Milliseconds. */
const lookEvery = 2000

/**
 * What is taken now: looked at again whenever models may have changed, and again and again while they come and the
 * window is in sight.
 */
function useUsage(): StorageUsage | null {
  const [usage, setUsage] = useState<StorageUsage | null>(null)
  const { modelsFolder } = useSettings()
  const models = useModels(state => state.models)
  const pulling = usePulls(({ pulls }) => pulls.some(({ state }) => state === 'running'))
  const making = useMakings(({ makings }) => makings.some(({ state }) => state === 'running'))
  // biome-ignore lint/correctness/useExhaustiveDependencies: models that were moved lie on another disk, others came or went
  useEffect(() => {
    let isShown = true
    const look = async () => {
      const now = await call('storage.usage', {})
      if (isShown) setUsage(now)
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    // After the answer: a disk that is slow to tell is not asked more than once at a time.
    const lookLater = () => {
      if (!isShown || !(pulling || making)) return
      timer = setTimeout(async () => {
        // What could not be read is told once.
        if (!document.hidden) await look().catch(() => undefined)
        lookLater()
      }, lookEvery)
    }
    attempt(() => look().finally(lookLater))
    return () => {
      isShown = false
      clearTimeout(timer)
    }
  }, [modelsFolder, models, pulling, making])
  return usage
}
