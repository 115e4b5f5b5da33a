import { useTranslation } from 'react-i18next'
import type { Wait } from '../../../preload/contract.ts'
import { percent } from '../../i18n/format.ts'
import { useAfter } from './use-after.ts'

/** Milliseconds before a wait is worth showing. */
const patience = 300

/** Before the first word: nothing for a moment, then what is waited for and how much of it is done, as far as known. */
export function Waiting({ wait }: { wait: Wait | null }) {
  const { t } = useTranslation()
  const shown = useAfter(patience)
  if (!shown) return <div className="h-7" />
  if (wait === null) {
    return (
      <div role="img" aria-label={t('chat.working')} className="flex h-7 items-center">
        <Dots />
      </div>
    )
  }
  if (wait.fraction === null) {
    return (
      <div className="flex h-7 items-center gap-3 text-small text-soft">
        <Dots />
        <span>{t('chat.queued')}</span>
      </div>
    )
  }
  return <Progress label={wait.for === 'model' ? t('chat.waking') : t('chat.reading')} fraction={wait.fraction} />
}

function Dots() {
  return (
    <div aria-hidden className="flex items-center gap-1.5">
      {[0, 1, 2].map(dot => (
        <span key={dot} className="breathe size-1.5 rounded-pill bg-ember" />
      ))}
    </div>
  )
}

function Progress({ label, fraction }: { label: string; fraction: number }) {
  const { i18n } = useTranslation()
  return (
    <div className="flex h-7 items-center gap-3 text-small text-soft">
      <span>{label}</span>
      <progress
        value={fraction}
        max={1}
        aria-label={label}
        className="h-1 w-32 appearance-none overflow-hidden rounded-pill bg-line [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-ember"
      />
      <span className="text-faint tabular-nums">{percent(fraction, i18n.language)}</span>
    </div>
  )
}
