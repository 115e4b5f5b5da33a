import { ChevronDownIcon, ChevronUpIcon, XIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { number } from '../../../i18n/format.ts'
import { isComposing } from '../../../ui/composing.ts'
import { fieldLook } from '../../../ui/field-look.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { focusComposer } from '../composer-focus.ts'
import { findFieldId, selectFindField } from './find-action.ts'
import { closeFind, find, step, useFind } from './find-store.ts'

/** Looks for words in the open chat: how often they are there, and from one place to the next. */
export function FindBar() {
  const { t, i18n } = useTranslation()
  const { open, query, total, at } = useFind(useShallow(({ open, query, total, at }) => ({ open, query, total, at })))
  useEffect(() => closeFind, [])
  // At once: whoever types on after the keys that open it would lose the first letters.
  useLayoutEffect(() => {
    if (open) selectFindField()
  }, [open])
  if (!open) return null
  const close = () => {
    closeFind()
    focusComposer()
  }
  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    if (event.key === 'Escape') close()
    else if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    // Escape would stop an answer that is being written.
    event.stopPropagation()
  }
  const written = (value: number) => number(value, i18n.language)
  const count = total === 0 ? t('find.nothing') : t('find.count', { at: written(at + 1), total: written(total) })
  return (
    <search
      aria-label={t('find.label')}
      onKeyDown={press}
      className="flex flex-none items-center justify-end gap-0.5 border-b border-line bg-sunk py-1.5 pr-3 pl-5"
    >
      <input
        id={findFieldId}
        type="text"
        aria-label={t('find.label')}
        placeholder={t('find.placeholder')}
        maxLength={500}
        spellCheck={false}
        autoComplete="off"
        defaultValue={query}
        onChange={event => void find(event.target.value, messageInSight())}
        className={`${fieldLook} h-8 w-64 min-w-0`}
      />
      <span role="status" className="min-w-32 px-2.5 text-right text-small whitespace-nowrap text-faint tabular-nums">
        {query.trim() === '' ? null : count}
      </span>
      <IconButton
        icon={ChevronUpIcon}
        label={t('find.previous')}
        shortcut="Shift+Enter"
        disabled={total === 0}
        onClick={() => step(-1)}
      />
      <IconButton
        icon={ChevronDownIcon}
        label={t('find.next')}
        shortcut="Enter"
        disabled={total === 0}
        onClick={() => step(1)}
      />
      <IconButton icon={XIcon} label={t('app.close')} shortcut="Esc" onClick={close} />
    </search>
  )
}

/** The first message of which something is in sight. */
function messageInSight(): string | undefined {
  const top = document.querySelector('[role=log]')?.parentElement?.getBoundingClientRect().top ?? 0
  const messages = [...document.querySelectorAll<HTMLElement>('[data-message]')]
  return messages
    .map(element => ({ element, place: element.getBoundingClientRect() }))
    .filter(({ place }) => place.bottom > top)
    .sort((one, other) => one.place.top - other.place.top)[0]?.element.dataset.message
}
