import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { number, percent, sentences } from '../../i18n/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { showTuning } from '../tuning/tuning-store.ts'
import { useChat } from './chat-store.ts'
import { contextUse } from './context.ts'

/** From that part on the room is nearly used up. */
const nearlyFull = 0.85
const radius = 6

/** How much of the model's view the chat takes, as a ring; where it can be made larger is a click away. */
export function ContextMeter() {
  const { t, i18n } = useTranslation()
  const use = useChat(useShallow(({ thread }) => contextUse(thread.messages)))
  if (!use) return null
  const { used, size, forgetful } = use
  const fraction = Math.min(1, used / size)
  const written = (value: number) => number(value, i18n.language)
  const label = t('chat.contextUsed', { used: written(used), size: written(size) })
  const full = forgetful || fraction >= nearlyFull
  const round = 2 * Math.PI * radius
  return (
    <Tooltip text={sentences([label, forgetful ? t('chat.contextForgets') : null], i18n.language)} side="top">
      <button
        type="button"
        aria-label={label}
        onClick={showTuning}
        className={`flex h-8 flex-none items-center gap-1.5 rounded-small px-1.5 text-tiny tabular-nums transition-colors hover:bg-hover ${full ? 'text-amber' : 'text-faint hover:text-ink'}`}
      >
        <svg aria-hidden viewBox="0 0 16 16" className="size-4 -rotate-90 fill-none stroke-2">
          <circle cx="8" cy="8" r={radius} className="stroke-line-strong" />
          <circle cx="8" cy="8" r={radius} stroke="currentColor" strokeDasharray={`${fraction * round} ${round}`} />
        </svg>
        {full ? percent(fraction, i18n.language) : null}
      </button>
    </Tooltip>
  )
}
