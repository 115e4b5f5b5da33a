import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../preload/contract.ts'
import { shortDay } from '../../../i18n/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { SearchBox } from '../../../ui/search-box.tsx'
import { matchingChats } from './matching-chats.ts'

/** Chats in the list at once: a few letters find any other. */
const mostListed = 100

interface Props {
  /** The last used first. */
  chats: readonly Conversation[]
  /** Takes the ids of those that were chosen, in the order of the list. */
  onChoose: (ids: readonly string[]) => void
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Chooses chats to read, one or many, of all there are. */
export function ChatPicker({ chats, onChoose, onClose, returnTo }: Props) {
  const { t, i18n } = useTranslation()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const found = matchingChats(chats, query)
  const toggle = (id: string) =>
    setChosen(before => new Set(before.has(id) ? [...before].filter(one => one !== id) : [...before, id]))
  const take = () => {
    onChoose(chats.flatMap(({ id }) => (chosen.has(id) ? id : [])))
    onClose()
  }
  return (
    <Dialog
      title={t('forms.chooseChats')}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="primary" disabled={chosen.size === 0} onClick={take}>
          {t('forms.addChats', { count: chosen.size })}
        </Button>
      }
    >
      <SearchBox label={t('forms.findChats')} value={query} onChange={setQuery} className="w-full" />
      <ul aria-label={t('forms.chats')} className="-mx-2 mt-2 h-72 overflow-y-auto">
        {found.slice(0, mostListed).map(({ id, title, updatedAt }) => (
          <li key={id}>
            <label className="flex items-center gap-2.5 rounded-small px-2 py-1.5 text-row hover:bg-hover">
              <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
              <span dir="auto" className="min-w-0 flex-1 truncate">
                {title || t('history.untitled')}
              </span>
              <span className="flex-none text-tiny text-faint">{shortDay(updatedAt, i18n.language)}</span>
            </label>
          </li>
        ))}
      </ul>
      <p role="status" className="min-h-5 pt-2 text-small text-faint">
        {found.length === 0
          ? t('forms.noChatFound')
          : found.length > mostListed
            ? t('forms.moreChats', { count: found.length - mostListed })
            : ''}
      </p>
    </Dialog>
  )
}
