import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { type Action, shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { perform } from '../../state/perform.ts'
import { HearthMark } from '../../ui/hearth-mark.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { searchAction } from '../search/search-action.ts'
import { SearchField } from '../search/search-field.tsx'
import { SearchResults } from '../search/search-results.tsx'
import { useSearch } from '../search/search-store.ts'
import { HistoryList } from './history-list.tsx'
import { sidebarAction } from './sidebar-state.ts'

interface Props {
  /** Places and beginnings, above the chats. */
  top: readonly Action[]
  /** Places below the chats. */
  bottom: readonly Action[]
  /** The action whose place the window is in. */
  current?: string | undefined
  /** By the action: what is to be told of its place, in a word or nothing. */
  notes?: Readonly<Record<string, ComponentType>>
}

/** The wide form: beginnings, chats by date, places. */
export function Sidebar({ top, bottom, current, notes }: Props) {
  const { t } = useTranslation()
  const platform = useAppInfo(info => info.platform)
  const searching = useSearch(({ query }) => query.trim() !== '')
  return (
    <aside
      aria-label={t('app.sidebar')}
      className="flex h-full w-(--sidebar) flex-col gap-px border-r border-line bg-sunk px-2.5 pt-2.5 pb-3"
    >
      <div className="flex items-center gap-2.5 pb-2 pl-2.5">
        <HearthMark />
        <span className="flex-1 font-bold">{t('app.name')}</span>
        <IconButton
          icon={sidebarAction.icon}
          label={t('app.collapseSidebar')}
          shortcut={shortcutLabel(sidebarAction.shortcut ?? '', platform)}
          onClick={() => perform(sidebarAction, undefined)}
        />
      </div>
      {top.map(action => (
        <PlaceRow key={action.id} action={action} current={action.id === current} />
      ))}
      <SearchField />
      {searching ? <SearchResults /> : <HistoryList />}
      {bottom.map(action => (
        <PlaceRow key={action.id} action={action} current={action.id === current} note={notes?.[action.id]} />
      ))}
    </aside>
  )
}

interface PlaceProps {
  action: Action
  current: boolean
  note?: ComponentType | undefined
}

function PlaceRow({ action, current, note: Note }: PlaceProps) {
  const { t } = useTranslation()
  const platform = useAppInfo(info => info.platform)
  return (
    <button
      type="button"
      aria-current={current ? 'page' : undefined}
      onClick={() => perform(action, undefined)}
      className={`group flex h-8.5 flex-none items-center gap-2.5 rounded-small px-2.5 text-row transition-colors ${current ? 'bg-raised text-ink shadow-[inset_0_0_0_1px_var(--line)]' : 'text-soft hover:bg-hover hover:text-ink'}`}
    >
      <action.icon aria-hidden />
      <span className="truncate">{t(action.name)}</span>
      {action.shortcut ? (
        <kbd className="ml-auto font-sans text-tiny text-faint opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100">
          {shortcutLabel(action.shortcut, platform)}
        </kbd>
      ) : null}
      {Note ? (
        <span className="text-tiny text-faint tabular-nums empty:hidden">
          <Note />
        </span>
      ) : null}
    </button>
  )
}

/** The narrow form: the same as pictures. */
export function Rail({ top, bottom, current, notes }: Props) {
  const { t } = useTranslation()
  const platform = useAppInfo(info => info.platform)
  const button = (action: Action, label: string) => (
    <IconButton
      key={action.id}
      icon={action.icon}
      label={label}
      shortcut={action.shortcut && shortcutLabel(action.shortcut, platform)}
      side="right"
      aria-current={action.id === current ? 'page' : undefined}
      onClick={() => perform(action, undefined)}
      className={`size-9 ${action.id === current ? 'bg-raised text-ink shadow-[inset_0_0_0_1px_var(--line)]' : ''}`}
    />
  )
  return (
    <aside
      aria-label={t('app.sidebar')}
      className="flex h-full w-(--rail) flex-none flex-col items-center gap-1 border-r border-line bg-sunk pt-2 pb-3"
    >
      {button(sidebarAction, t('app.expandSidebar'))}
      {[...top, searchAction].map(action => button(action, t(action.name)))}
      <div className="flex-1" />
      {bottom.map(action => {
        const Note = notes?.[action.id]
        return (
          <div key={action.id} className="relative">
            {button(action, t(action.name))}
            {Note ? (
              <span aria-hidden className="absolute top-1 right-1 size-1.5 rounded-pill bg-ember has-[>:empty]:hidden">
                <span className="hidden">
                  <Note />
                </span>
              </span>
            ) : null}
          </div>
        )
      })}
    </aside>
  )
}
