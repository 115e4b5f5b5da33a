import { EllipsisIcon } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../preload/contract.ts'
import { go } from '../../state/place.ts'
import { Menu } from '../../ui/menu.tsx'
import { ConversationItems } from './conversation-items.tsx'
import { TitleField } from './title-field.tsx'

interface Props {
  conversation: Conversation
  open: boolean
  renaming: boolean
  /** The one row that Tab reaches; the arrow keys go to the others. */
  reachable: boolean
}

export const HistoryRow = memo(({ conversation, open, renaming, reachable }: Props) => {
  const { t } = useTranslation()
  const title = conversation.title || t('history.untitled')
  if (renaming) {
    return (
      <li className="py-px">
        <TitleField
          conversation={conversation}
          onKeyEnd={() => focusRow(conversation.id)}
          className="h-8 w-full text-row"
        />
      </li>
    )
  }
  const tabIndex = reachable ? 0 : -1
  return (
    <li
      className={`group/row relative flex h-8.5 items-center rounded-small transition-colors has-data-[state=open]:bg-hover ${open ? 'bg-raised shadow-[inset_0_0_0_1px_var(--line)]' : 'hover:bg-hover'}`}
    >
      <button
        type="button"
        data-conversation={conversation.id}
        tabIndex={tabIndex}
        aria-current={open ? 'page' : undefined}
        onClick={() => go({ kind: 'chat', conversationId: conversation.id })}
        className={`flex h-full min-w-0 flex-1 items-center gap-2 rounded-small pr-2.5 pl-2.5 text-left text-row -outline-offset-2 group-focus-within/row:pr-9 group-hover/row:pr-9 ${open ? 'text-ink' : 'text-soft'}`}
      >
        <span dir="auto" className="truncate">
          {title}
        </span>
        {conversation.answering ? (
          <span
            role="img"
            aria-label={t('history.answering')}
            className="breathe ml-auto size-1.5 flex-none rounded-pill bg-ember"
          />
        ) : null}
      </button>
      <Menu
        trigger={
          <button
            type="button"
            tabIndex={tabIndex}
            aria-label={t('history.actionsFor', { title })}
            className="absolute right-1 grid size-7 place-items-center rounded-small text-faint opacity-0 transition-colors hover:text-ink focus-visible:opacity-100 group-hover/row:opacity-100 data-[state=open]:opacity-100"
          >
            <EllipsisIcon aria-hidden />
          </button>
        }
        align="start"
      >
        <ConversationItems conversation={conversation} at="list" />
      </Menu>
    </li>
  )
})

const focusRow = (id: string) => document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`)?.focus()
