import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { monthName } from '../../i18n/format.ts'
import { matchesShortcut } from '../../state/action.ts'
import { useConversations } from '../../state/conversations.ts'
import { perform } from '../../state/perform.ts'
import { openConversationId, usePlace } from '../../state/place.ts'
import { conversationActions } from './conversation-actions.ts'
import { type DateGroup, groupByDate } from './date-groups.ts'
import { HistoryRow } from './history-row.tsx'
import { useRenaming } from './history-store.ts'
import { useDay } from './use-day.ts'

/** Every conversation by date. One Tab stop; the arrow keys, Home and End move inside. */
export function HistoryList() {
  const { t, i18n } = useTranslation()
  const conversations = useConversations(state => state.conversations)
  const openId = usePlace(({ place }) => openConversationId(place))
  const renaming = useRenaming(state => (state.renaming?.at === 'list' ? state.renaming.id : null))
  const now = useDay()
  const groups = useMemo(() => groupByDate(conversations ?? [], now), [conversations, now])
  const list = useRef<HTMLElement>(null)
  const [focused, setFocused] = useState<string | null>(null)

  if (conversations === null) return <div className="flex-1" />
  const has = (id: string | null) => id !== null && conversations.some(conversation => conversation.id === id)
  const reachable = [focused, openId].find(has) ?? conversations[0]?.id

  const press = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.conversation === undefined) return
    const id = event.target.dataset.conversation
    const conversation = conversations.find(known => known.id === id)
    const action = conversationActions.find(({ shortcut }) => shortcut && matchesShortcut(shortcut, event, ''))
    if (conversation && action) perform(action, { conversation, at: 'list' })
    else if (!moveFocus(list.current, event.target, event.key)) return
    event.preventDefault()
  }
  const openMenu = (event: MouseEvent) => {
    if (!(event.target instanceof HTMLElement)) return
    const menu = event.target.closest('li')?.querySelector<HTMLElement>('[aria-haspopup=menu]')
    if (!menu) return
    event.preventDefault()
    // The menu opens on the press of a key as well as of a pointer; a key needs no position.
    menu.dispatchEvent(new window.KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  }
  const nameOf = ({ kind, time }: DateGroup) =>
    kind === 'month' ? monthName(time, now, i18n.language) : t(`history.${kind}`)
  return (
    <nav
      ref={list}
      aria-label={t('history.list')}
      onKeyDown={press}
      onContextMenu={openMenu}
      onFocus={event => setFocused(event.target.dataset.conversation ?? focused)}
      className="-mx-2.5 min-h-0 flex-1 overflow-y-auto px-2.5 pb-3"
    >
      {groups.length === 0 ? <p className="px-2.5 pt-4 text-small text-faint">{t('history.empty')}</p> : null}
      {groups.map(group => (
        <section key={`${group.kind} ${group.time}`} aria-label={nameOf(group)}>
          <h2 className="px-2.5 pt-4 pb-1 text-tiny text-faint">{nameOf(group)}</h2>
          <ul>
            {group.conversations.map(conversation => (
              <HistoryRow
                key={conversation.id}
                conversation={conversation}
                open={conversation.id === openId}
                renaming={conversation.id === renaming}
                reachable={conversation.id === reachable}
              />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}

/** Moves the focus among the rows; false when the key means nothing here. */
function moveFocus(list: HTMLElement | null, from: HTMLElement, key: string): boolean {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-conversation]') ?? [])]
  const index = rows.indexOf(from)
  const target = { ArrowDown: rows[index + 1], ArrowUp: rows[index - 1], Home: rows[0], End: rows.at(-1) }[key]
  target?.focus()
  return target !== undefined
}
