import { RotateCcwIcon, Trash2Icon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../i18n/format.ts'
import { useConversations } from '../../state/conversations.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { NothingHere } from '../../ui/nothing-here.tsx'
import { type DeletedChat, refreshTrash, removeForGood, takeBack, useTrash } from './trash-store.ts'

/** Deleted chats, with the way back and the way out. */
export function TrashPage() {
  const { t } = useTranslation()
  const chats = useTrash(state => state.chats)
  const conversations = useConversations(state => state.conversations)
  const [removing, setRemoving] = useState<readonly DeletedChat[] | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  // Each chat that is deleted or taken back, here or in another window, changes the list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chats are what it waits for
  useEffect(() => attempt(refreshTrash), [conversations])
  return (
    <main aria-label={t('trash.title')} className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-(--header) flex-none items-center border-b border-line px-5">
        <h1 ref={heading} tabIndex={-1} className="flex-1 font-bold outline-none">
          {t('trash.title')}
        </h1>
        {chats && chats.length > 0 ? (
          <Button look="danger" onClick={() => setRemoving(chats)}>
            {t('trash.empty')}
          </Button>
        ) : null}
      </header>
      <div className="column-box min-h-0 flex-1 px-6">
        <div className="mx-auto max-w-column pt-6 pb-12">
          {chats?.length === 0 ? <NothingHere icon={Trash2Icon} text={t('trash.nothing')} /> : null}
          {chats && chats.length > 0 ? (
            <>
              <p className="pb-4 text-row text-soft">{t('trash.hint')}</p>
              <ul className="divide-y divide-line border-y border-line">
                {chats.map(chat => (
                  <Row key={chat.id} chat={chat} onRemove={() => setRemoving([chat])} />
                ))}
              </ul>
            </>
          ) : null}
        </div>
      </div>
      {removing ? (
        <RemoveDialog chats={removing} onClose={() => setRemoving(null)} returnTo={() => heading.current} />
      ) : null}
    </main>
  )
}

function Row({ chat, onRemove }: { chat: DeletedChat; onRemove: () => void }) {
  const { t, i18n } = useTranslation()
  const title = chat.title || t('history.untitled')
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p dir="auto" className="truncate">
          {title}
        </p>
        <p className="text-small text-faint">
          {t('trash.messages', { count: chat.messages })} ·{' '}
          {t('trash.deletedAt', { time: moment(chat.deletedAt, i18n.language) })}
        </p>
      </div>
      <Button aria-label={t('trash.restoreChat', { title })} onClick={() => attempt(() => takeBack(chat))}>
        <RotateCcwIcon aria-hidden className="size-3.5" />
        {t('trash.restore')}
      </Button>
      <IconButton
        icon={Trash2Icon}
        label={t('trash.removeChat', { title })}
        onClick={onRemove}
        className="-mr-2 -ml-2"
      />
    </li>
  )
}

interface RemoveProps {
  chats: readonly DeletedChat[]
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Asks once more: after this there is no way back. */
function RemoveDialog({ chats, onClose, returnTo }: RemoveProps) {
  const { t } = useTranslation()
  const remove = () => {
    attempt(() => removeForGood(chats))
    onClose()
  }
  return (
    <Dialog
      title={t('trash.removeTitle', { count: chats.length })}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="danger" onClick={remove}>
          {t('trash.removeButton')}
        </Button>
      }
    >
      <p className="text-row text-soft">{t('trash.removeText')}</p>
    </Dialog>
  )
}
