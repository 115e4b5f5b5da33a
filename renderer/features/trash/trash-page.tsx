import { Trash2Icon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConversations } from '../../state/conversations.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NothingHere } from '../../ui/nothing-here.tsx'
import { useForms } from '../forms/forms-store.ts'
import { DeletedThings } from './deleted-things.tsx'
import { countOf, refreshTrash, removeForGood, type Trash, useTrash } from './trash-store.ts'

/** Deleted chats, messages, forms and results, with the way back and the way out. */
export function TrashPage() {
  const { t } = useTranslation()
  const trash = useTrash(state => state.trash)
  const conversations = useConversations(state => state.conversations)
  const forms = useForms(state => state.forms)
  const [removing, setRemoving] = useState<Trash | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  // Whatever is deleted or taken back, here or in another window, changes one of them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chats and forms are what it waits for
  useEffect(() => attempt(refreshTrash), [conversations, forms])
  const count = trash ? countOf(trash) : 0
  return (
    <main aria-label={t('trash.title')} className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-(--header) flex-none items-center border-b border-line px-5">
        <h1 ref={heading} tabIndex={-1} className="flex-1 font-bold outline-none">
          {t('trash.title')}
        </h1>
        {count > 0 ? (
          <Button look="danger" onClick={() => setRemoving(trash)}>
            {t('trash.empty')}
          </Button>
        ) : null}
      </header>
      <div className="column-box min-h-0 flex-1 px-6">
        <div className="mx-auto max-w-column pt-6 pb-12">
          {trash && count === 0 ? <NothingHere icon={Trash2Icon} text={t('trash.nothing')} /> : null}
          {trash && count > 0 ? (
            <>
              <p className="text-row text-soft">{t('trash.hint')}</p>
              <DeletedThings trash={trash} onRemove={setRemoving} onGone={() => heading.current?.focus()} />
            </>
          ) : null}
        </div>
      </div>
      {removing ? (
        <RemoveDialog trash={removing} onClose={() => setRemoving(null)} returnTo={() => heading.current} />
      ) : null}
    </main>
  )
}

interface RemoveProps {
  trash: Trash
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Asks once more: after this there is no way back. */
function RemoveDialog({ trash, onClose, returnTo }: RemoveProps) {
  const { t } = useTranslation()
  const remove = () => {
    attempt(() => removeForGood(trash))
    onClose()
  }
  return (
    <Dialog
      title={t('trash.removeTitle', { count: countOf(trash) })}
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
