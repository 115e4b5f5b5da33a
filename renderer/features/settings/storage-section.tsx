import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StorageUsage } from '../../../preload/contract.ts'
import { fileSize } from '../../i18n/format.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { useSettings } from '../../state/settings.ts'
import { Section } from '../../ui/page.tsx'

/** What is counted, in the order of the bar, with its colour. */
const parts = [
  { name: 'models', colour: 'bg-ember' },
  { name: 'conversations', colour: 'bg-leaf' },
  { name: 'pictures', colour: 'bg-amber' },
  { name: 'backups', colour: 'bg-leaf/45' },
  { name: 'caches', colour: 'bg-faint' },
] as const

/** What Hearth takes on the disk, as a bar and in figures. */
export function StorageSection() {
  const { t, i18n } = useTranslation()
  const [usage, setUsage] = useState<StorageUsage | null>(null)
  const { modelsFolder } = useSettings()
  // biome-ignore lint/correctness/useExhaustiveDependencies: models that were moved lie on another disk
  useEffect(() => attempt(async () => setUsage(await call('storage.usage', {}))), [modelsFolder])
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
        <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 pt-3.5 text-small wide:grid-cols-5">
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
