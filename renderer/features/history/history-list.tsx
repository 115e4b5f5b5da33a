import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../preload/contract.ts'
import { monthName } from '../../i18n/format.ts'
import { matchesShortcut } from '../../state/action.ts'
import { useConversations } from '../../state/conversations.ts'
import { attempt, perform } from '../../state/perform.ts'
import { openConversationId, usePlace } from '../../state/place.ts'
import { trashAction } from '../trash/trash-action.ts'
import { countOf, refreshTrash, useTrash } from '../trash/trash-store.ts'
import { conversationActions } from './conversation-actions.ts'
import { FolderHeader } from './folder-header.tsx'
import { useFolders } from './folders.ts'
import { HistoryRow } from './history-row.tsx'
import { useRenaming } from './history-store.ts'
import { drawnOf, isFolded, type Section, sectionsOf } from './sections.ts'
import { useDay } from './use-day.ts'
import { useGrowing } from './use-growing.ts'

/** Every conversation: pinned, in folders, by date. One Tab stop; the arrow keys, Home and End move inside. */
export function HistoryList() {
  const { t, i18n } = useTranslation()
  const conversations = useConversations(state => state.conversations)
  const folders = useConversations(state => state.folders)
  const closed = useFolders(state => state.closed)
  const openId = usePlace(({ place }) => openConversationId(place))
  const renaming = useRenaming(state => (state.renaming?.at === 'list' ? state.renaming.id : null))
  const now = useDay()
  const sections = useMemo(() => sectionsOf(conversations ?? [], folders, now), [conversations, folders, now])
  const list = useRef<HTMLElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const holdFocus = useHeldRow(list, conversations)
  const [rows, drawAll] = useGrowing(conversations?.length ?? 0)

  if (conversations === null) return <div className="flex-1" />
  const drawn = drawnOf(sections, closed, rows)
  const chatsOf = (section: Section) => section.conversations.slice(0, drawn.get(section))
  const inSight = sections.flatMap(section => (isFolded(section, closed) ? [] : chatsOf(section)))
  const has = (id: string | null) => id !== null && inSight.some(conversation => conversation.id === id)
  const reachable = [focused, openId].find(has) ?? inSight[0]?.id

  const press = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.conversation === undefined) return
    const id = event.target.dataset.conversation
    const conversation = conversations.find(known => known.id === id)
    if (event.key === 'End') flushSync(drawAll)
    const action = conversationActions.find(({ shortcut }) => shortcut && matchesShortcut(shortcut, event, ''))
    if (conversation && action) {
      // A row that goes would take the focus along.
      if (action.id === 'delete') moveFocus(list.current, event.target, 'ArrowDown', 'ArrowUp')
      perform(action, { conversation, at: 'list' })
    } else if (!moveFocus(list.current, event.target, event.key)) return
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
  const nameOf = (section: Section) => {
    if (section.kind === 'pinned') return t('history.pinned')
    if (section.kind === 'folder') return section.folder.name
    const { kind, time } = section.group
    return kind === 'month' ? monthName(time, now, i18n.language) : t(`history.${kind}`)
  }
  return (
    <nav
      ref={list}
      aria-label={t('history.list')}
      onKeyDown={press}
      onContextMenu={openMenu}
      onFocus={event => {
        setFocused(event.target.dataset.conversation ?? focused)
        holdFocus(event.target)
      }}
      className="fades bar-in-padding -mx-2.5 min-h-0 flex-1 overflow-y-auto pb-5 pl-2.5 [--padding:--spacing(2.5)]"
    >
      {conversations.length === 0 ? <p className="px-2.5 pt-4 text-small text-faint">{t('history.empty')}</p> : null}
      {sections.map(section => (
        <section key={keyOf(section)} aria-label={nameOf(section)}>
          {section.kind === 'folder' ? (
            <FolderHeader folder={section.folder} count={section.conversations.length} />
          ) : (
            <h2 className="px-2.5 pt-4 pb-1 text-tiny text-faint">{nameOf(section)}</h2>
          )}
          <ul className={section.kind === 'folder' ? 'pl-6' : ''} hidden={isFolded(section, closed)}>
            {chatsOf(section).map(conversation => (
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
      <TrashLink noChats={conversations.length === 0} />
    </nav>
  )
}

/** Below all chats: those that were deleted. Somebody who has had no chat yet is not led there. */
function TrashLink({ noChats }: { noChats: boolean }) {
  const { t } = useTranslation()
  const current = usePlace(({ place }) => place.kind === 'trash')
  const deleted = useTrash(({ trash }) => trash !== null && countOf(trash) > 0)
  useEffect(() => {
    if (noChats) attempt(refreshTrash)
  }, [noChats])
  if (noChats && !deleted && !current) return null
  return (
    <button
      type="button"
      aria-current={current ? 'page' : undefined}
      onClick={() => perform(trashAction, undefined)}
      className={`mt-4 flex h-8 w-full items-center gap-2 rounded-small px-2.5 text-left text-small -outline-offset-2 transition-colors ${current ? 'bg-raised text-ink shadow-[inset_0_0_0_1px_var(--line)]' : 'text-faint hover:bg-hover hover:text-ink'}`}
    >
      <trashAction.icon aria-hidden className="size-3.5" />
      {t(trashAction.name)}
    </button>
  )
}

function keyOf(section: Section): string {
  if (section.kind === 'date') return `${section.group.kind} ${section.group.time}`
  return section.kind === 'folder' ? section.folder.id : section.kind
}

const rowsOf = (list: HTMLElement | null) => [
  ...(list?.querySelectorAll<HTMLElement>('ul:not([hidden]) [data-conversation]') ?? []),
]

/**
 * Gives the focus to the row that takes the place of one that is gone with it, as one that was deleted by its menu.
 * @returns takes what has the focus in the list
 */
function useHeldRow(
  list: { readonly current: HTMLElement | null },
  conversations: readonly Conversation[] | null,
): (target: HTMLElement) => void {
  const held = useRef<{ readonly row: HTMLElement; readonly index: number }>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when they change
  useLayoutEffect(() => {
    if (!held.current || held.current.row.isConnected) return
    const { index } = held.current
    held.current = undefined
    if (document.activeElement !== document.body) return
    const rows = rowsOf(list.current)
    ;(rows[index] ?? rows.at(-1))?.focus()
  }, [conversations, list])
  return target => {
    const row = target.closest('li')?.querySelector<HTMLElement>('[data-conversation]')
    if (row) held.current = { row, index: rowsOf(list.current).indexOf(row) }
  }
}

/** Moves the focus among the rows, by the first key that leads to one; false when none does. */
function moveFocus(list: HTMLElement | null, from: HTMLElement, ...keys: readonly string[]): boolean {
  const rows = rowsOf(list)
  const index = rows.indexOf(from)
  const ways: Readonly<Record<string, HTMLElement | undefined>> = {
    ArrowDown: rows[index + 1],
    ArrowUp: rows[index - 1],
    Home: rows[0],
    End: rows.at(-1),
  }
  const target = keys.map(key => ways[key]).find(row => row !== undefined)
  target?.focus()
  return target !== undefined
}
