import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../icon-button.tsx'
import { addMonths, dayByKey, inWords, today, weeksAround } from './day.ts'

interface Props {
  /** The day that is chosen. */
  day: string | undefined
  onChoose: (day: string) => void
}

/** One month to choose a day from, by the keys of `dayByKey` or the pointer. */
export function Calendar({ day, onChoose }: Props) {
  const { t, i18n } = useTranslation()
  const [at, setAt] = useState(day ?? today())
  const grid = useRef<HTMLTableElement>(null)
  /** The focus follows by keys alone: who leafs through months by their buttons stays there. */
  const follow = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the day it is at has moved
  useEffect(() => {
    if (follow.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [at])
  const leaf = (months: number) => {
    follow.current = false
    setAt(addMonths(at, months))
  }
  const press = (event: KeyboardEvent) => {
    const next = dayByKey(at, event.key, event.shiftKey)
    if (next === undefined) return
    event.preventDefault()
    follow.current = true
    setAt(next)
  }
  const weeks = weeksAround(at)
  const words = (one: string, options: Intl.DateTimeFormatOptions) => inWords(one, i18n.language, options)
  return (
    <div className="w-64">
      <div className="flex items-center pb-1">
        <p aria-live="polite" className="flex-1 pl-2 text-row font-medium">
          {words(at, { year: 'numeric', month: 'long' })}
        </p>
        <IconButton icon={ChevronLeftIcon} label={t('date.previousMonth')} onClick={() => leaf(-1)} />
        <IconButton icon={ChevronRightIcon} label={t('date.nextMonth')} onClick={() => leaf(1)} />
      </div>
      <table ref={grid} aria-label={t('date.choose')} className="w-full table-fixed">
        <thead>
          <tr className="text-tiny text-faint">
            {weeks[0]?.map(one => (
              <th key={one} scope="col" aria-label={words(one, { weekday: 'long' })} className="h-7 font-normal">
                {words(one, { weekday: 'narrow' })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(week => (
            <tr key={week[0]}>
              {week.map(one => (
                <td key={one} className="p-0 text-center">
                  <button
                    type="button"
                    tabIndex={one === at ? 0 : -1}
                    aria-label={words(one, { dateStyle: 'full' })}
                    aria-current={one === today() ? 'date' : undefined}
                    aria-pressed={one === day}
                    onKeyDown={press}
                    onClick={() => onChoose(one)}
                    className={`size-8 rounded-small text-small tabular-nums transition-colors ${lookOf(one, at, day)}`}
                  >
                    {Number(one.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function lookOf(one: string, at: string, day: string | undefined): string {
  if (one === day) return 'bg-ember text-ember-ink'
  const here = one.slice(0, 7) === at.slice(0, 7)
  return `hover:bg-hover ${here ? 'text-ink' : 'text-faint'} ${one === today() ? 'font-bold text-ember-text' : ''}`
}
