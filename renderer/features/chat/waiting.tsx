import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { percent } from '../../i18n/format.ts'

/** Milliseconds before a wait is worth showing. */
const patience = 300

/**
 * Before the first word: nothing for a moment, then dots, or how much of the model is awake.
 * @param loading fraction of the model's weights loaded, null when it is not being loaded
 */
export function Waiting({ loading }: { loading: number | null }) {
  const { t, i18n } = useTranslation()
  const shown = useAfter(patience)
  if (!shown) return <div className="h-7" />
  if (loading === null) {
    return (
      <div role="img" aria-label={t('chat.working')} className="flex h-7 items-center gap-1.5">
        {[0, 1, 2].map(dot => (
          <span key={dot} className="breathe size-1.5 rounded-pill bg-ember" />
        ))}
      </div>
    )
  }
  return (
    <div className="flex h-7 items-center gap-3 text-small text-soft">
      <span>{t('chat.waking')}</span>
      <progress
        value={loading}
        max={1}
        aria-label={t('chat.waking')}
        className="h-1 w-32 appearance-none overflow-hidden rounded-pill bg-line [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-ember"
      />
      <span className="text-faint tabular-nums">{percent(loading, i18n.language)}</span>
    </div>
  )
}

function useAfter(milliseconds: number): boolean {
  const [past, setPast] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPast(true), milliseconds)
    return () => clearTimeout(timer)
  }, [milliseconds])
  return past
}
