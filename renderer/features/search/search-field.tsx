import { SearchIcon, XIcon } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../preload/contract-limits.ts'
import { shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { isComposing } from '../../ui/composing.ts'
import { ownEscape } from '../../ui/dialog-escape.ts'
import { searchAction } from './search-action.ts'
import { clearSearch, type, useSearch } from './search-store.ts'

/** The field above the chats. Down goes to the results, Escape empties it. */
export function SearchField() {
  const { t } = useTranslation()
  const query = useSearch(state => state.query)
  const platform = useAppInfo(info => info.platform)
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return
    if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('[data-result]')?.focus()
    else if (event.key !== 'Escape' || query === '') return
    else clearSearch()
    event.preventDefault()
    // An overlay of the sidebar would close with it.
    event.stopPropagation()
  }
  return (
    <div className="group relative flex h-8.5 flex-none items-center">
      <SearchIcon aria-hidden className="pointer-events-none absolute left-2.5 text-faint" />
      <input
        id="search"
        {...(query === '' ? {} : ownEscape)}
        type="search"
        enterKeyHint="search"
        aria-label={t('search.label')}
        aria-keyshortcuts={searchAction.shortcut?.replace('Mod', platform === 'darwin' ? 'Meta' : 'Control')}
        title={`${t('search.label')} (${shortcutLabel(searchAction.shortcut ?? '', platform)})`}
        placeholder={t('search.placeholder')}
        maxLength={longest.searchedFor}
        spellCheck={false}
        autoComplete="off"
        value={query}
        onChange={event => type(event.target.value)}
        onKeyDown={press}
        className="h-full w-full rounded-small border border-transparent bg-transparent pr-8 pl-8.75 text-row text-ink transition-colors placeholder:text-soft hover:bg-hover focus:border-line-strong focus:bg-raised [&::-webkit-search-cancel-button]:hidden"
      />
      {query ? (
        <button
          type="button"
          aria-label={t('search.clear')}
          onClick={() => {
            clearSearch()
            document.querySelector<HTMLElement>('#search')?.focus()
          }}
          className="absolute right-1 grid size-7 place-items-center rounded-small text-faint transition-colors hover:text-ink"
        >
          <XIcon aria-hidden />
        </button>
      ) : null}
    </div>
  )
}
