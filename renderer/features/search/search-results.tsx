import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallOutput, Segment } from '../../../preload/contract.ts'
import { useConversations } from '../../state/conversations.ts'
import { showMessage } from '../../state/jump.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { problemWords } from '../../state/problem-words.ts'
import { ownEscape } from '../../ui/dialog-escape.ts'
import { showMore, useSearch } from './search-store.ts'

type Found = CallOutput<'conversations.search'>

/** What was found, in place of the chats by date. One Tab stop; the arrow keys, Home and End move inside. */
export function SearchResults() {
  const { t } = useTranslation()
  const { problem } = useSearch()
  const found = useFound()
  const list = useRef<HTMLElement>(null)
  const count = found ? found.titles.length + found.messages.length : 0
  const nothing = found !== null && count === 0 && found.next === null
  return (
    <nav
      ref={list}
      {...ownEscape}
      aria-label={t('search.results')}
      onKeyDown={event => moveFocus(list.current, event)}
      className="fades -mx-2.5 min-h-0 flex-1 overflow-y-auto pb-5 pl-2.5 bar-in-padding [--padding:--spacing(2.5)]"
    >
      <p role="status" className="px-2.5 pt-4 text-small text-faint empty:hidden">
        {problem ? t(problemWords(problem).title) : nothing && !found.indexing ? t('search.nothing') : null}
        {found?.indexing ? t('search.indexing') : null}
      </p>
      <p role="status" className="sr-only">
        {count > 0 ? t(found?.next ? 'search.countAndMore' : 'search.count', { count }) : null}
      </p>
      {found ? <Titles titles={found.titles} /> : null}
      {found ? <Messages messages={found.messages} first={found.titles.length === 0} /> : null}
      {found?.next ? (
        <button
          type="button"
          data-result
          tabIndex={-1}
          onClick={() => attempt(showMore)}
          className="mt-1 h-8 w-full rounded-small px-2.5 -outline-offset-2 text-left text-small text-ember-text transition-colors hover:bg-hover"
        >
          {t('search.more')}
        </button>
      ) : null}
    </nav>
  )
}

/** What was found, without what is in chats that were deleted since; taken back, it is there again. */
function useFound(): Found | null {
  const found = useSearch(state => state.found)
  const chats = useConversations(state => state.conversations)
  return useMemo(() => {
    if (!found || !chats) return found
    const there = new Set(chats.map(({ id }) => id))
    const isThere = ({ conversationId }: { readonly conversationId: string }) => there.has(conversationId)
    return { ...found, titles: found.titles.filter(isThere), messages: found.messages.filter(isThere) }
  }, [found, chats])
}

function Titles({ titles }: Pick<Found, 'titles'>) {
  const { t } = useTranslation()
  if (titles.length === 0) return null
  return (
    <Section name={t('search.titles')}>
      {titles.map(({ conversationId, title }, index) => (
        <Result key={conversationId} reachable={index === 0} open={() => go({ kind: 'chat', conversationId })}>
          <span dir="auto" className="block truncate text-row text-ink">
            <Marked segments={title} />
          </span>
        </Result>
      ))}
    </Section>
  )
}

function Messages({ messages, first }: Pick<Found, 'messages'> & { first: boolean }) {
  const { t } = useTranslation()
  if (messages.length === 0) return null
  return (
    <Section name={t('search.messages')}>
      {messages.map(({ messageId, conversationId, title, role, document, excerpt }, index) => (
        <Result key={messageId} reachable={first && index === 0} open={() => showMessage(conversationId, messageId)}>
          <span className="flex gap-1 text-tiny text-faint">
            <span dir="auto" className="truncate">
              {title || t('history.untitled')}
            </span>
            <span className="flex-none">· {t(role === 'user' ? 'search.question' : 'search.answer')}</span>
            {document === null ? null : (
              <span dir="auto" className="max-w-1/2 flex-none truncate">
                · {document}
              </span>
            )}
          </span>
          <span dir="auto" className="line-clamp-2 text-small break-words text-soft">
            <Marked segments={excerpt} />
          </span>
        </Result>
      ))}
    </Section>
  )
}

function Section({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name}>
      <h2 className="px-2.5 pt-4 pb-1 text-tiny text-faint">{name}</h2>
      <ul>{children}</ul>
    </section>
  )
}

function Result({ reachable, open, children }: { reachable: boolean; open: () => void; children: ReactNode }) {
  return (
    <li>
      <button
        type="button"
        data-result
        tabIndex={reachable ? 0 : -1}
        onClick={open}
        className="w-full rounded-small px-2.5 -outline-offset-2 py-1.5 text-left transition-colors hover:bg-hover"
      >
        {children}
      </button>
    </li>
  )
}

/** Text with what was searched for marked. The pieces come as text and stay text. */
function Marked({ segments }: { segments: readonly Segment[] }) {
  return segments.map(({ text, match }, index) =>
    match ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text have no other name
      <mark key={index} className="rounded-[3px] bg-ember-wash text-ember-text">
        {text}
      </mark>
    ) : (
      text
    ),
  )
}

function moveFocus(list: HTMLElement | null, event: KeyboardEvent): void {
  const field = document.querySelector<HTMLElement>('#search')
  const results = [...(list?.querySelectorAll<HTMLElement>('[data-result]') ?? [])]
  const index = results.indexOf(document.activeElement as HTMLElement)
  const target = {
    ArrowDown: results[index + 1],
    ArrowUp: index > 0 ? results[index - 1] : field,
    Home: results[0],
    End: results.at(-1),
    Escape: field,
  }[event.key]
  if (!target) return
  target.focus()
  event.preventDefault()
  event.stopPropagation()
}
