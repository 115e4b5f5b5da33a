import { CalendarIcon } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ComponentProps, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dialogEscape } from '../dialog-escape.ts'
import { fieldLook } from '../field-look.ts'
import { Calendar } from './calendar.tsx'
import { inWords, isDay, readDay } from './day.ts'

interface Props extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  /** `2026-11-18`, or what has been written of it so far. */
  value: string
  onChange: (value: string) => void
}

/**
 * A day: typed, or chosen from a month. It is written as ISO 8601 does, the same for everybody; beside it stands what
 * day that is, in the language of the window. Other ways to write a day are understood once the field is left.
 */
export function DateField({ value, onChange, disabled, readOnly, ...rest }: Props) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const known = isDay(value)
  const settle = () => {
    const day = readDay(value)
    if (day !== undefined && day !== value) onChange(day)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <div className="relative flex items-center">
          <input
            ref={field}
            type="text"
            autoComplete="off"
            spellCheck={false}
            placeholder={t('date.placeholder')}
            value={value}
            disabled={disabled}
            readOnly={readOnly}
            onChange={event => onChange(event.target.value)}
            onBlur={settle}
            onKeyDown={event => {
              if (event.key === 'Enter') settle()
              if (event.key !== 'ArrowDown' || disabled || readOnly) return
              event.preventDefault()
              settle()
              setOpen(true)
            }}
            className={`${fieldLook} h-9 w-full min-w-0 pr-9 tabular-nums`}
            {...rest}
          />
          {known ? (
            <span className="pointer-events-none absolute right-10 left-28 truncate text-right text-tiny text-faint">
              {inWords(value, i18n.language, { weekday: 'short', day: 'numeric', month: 'short' })}
            </span>
          ) : null}
          <Popover.Trigger asChild>
            <button
              type="button"
              disabled={disabled || readOnly}
              aria-label={t('date.choose')}
              className="absolute right-1 grid size-7 place-items-center rounded-small text-faint transition-colors enabled:hover:bg-hover enabled:hover:text-ink disabled:opacity-40"
            >
              <CalendarIcon aria-hidden className="size-3.5" />
            </button>
          </Popover.Trigger>
        </div>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          {...dialogEscape(() => setOpen(false))}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('date.choose')}
          onOpenAutoFocus={event => event.preventDefault()}
          onCloseAutoFocus={event => {
            event.preventDefault()
            field.current?.focus()
          }}
          className="appear z-20 rounded-box border border-line bg-raised p-2 shadow-float outline-none"
        >
          <Calendar
            day={known ? value : undefined}
            onChoose={day => {
              onChange(day)
              setOpen(false)
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
