import { RotateCcwIcon, Trash2Icon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { nothing, type Trash, takeBack, takeFormBack, takeMessagesBack, takeRowsBack } from './trash-store.ts'

interface Props {
  trash: Trash
  /** The person wants some of it removed for good. */
  onRemove: (some: Trash) => void
  /** A row is gone, and with it the button that had the focus. */
  onGone: () => void
}

/** What is in the trash, by kinds, each thing with its way back. */
export function DeletedThings({ trash, onRemove, onGone }: Props) {
  const { t } = useTranslation()
  const untitled = t('history.untitled')
  const back = (restore: () => Promise<void>) => () => attempt(() => restore().then(onGone))
  return (
    <>
      <Kind name={t('trash.chats')} count={trash.chats.length}>
        {trash.chats.map(chat => (
          <Thing
            key={chat.id}
            title={chat.title || untitled}
            fact={t('trash.messages', { count: chat.messages })}
            deletedAt={chat.deletedAt}
            onRestore={back(() => takeBack(chat))}
            onRemove={() => onRemove({ ...nothing, chats: [chat] })}
          />
        ))}
      </Kind>
      <Kind name={t('trash.singleMessages')} count={trash.messages.length}>
        {trash.messages.map(deleted => (
          <Thing
            key={deleted.messageIds[0]}
            title={deleted.text || t('trash.emptyMessage')}
            fact={t('trash.ofChat', { count: deleted.messageIds.length, title: deleted.title || untitled })}
            deletedAt={deleted.deletedAt}
            onRestore={back(() => takeMessagesBack(deleted))}
            onRemove={() => onRemove({ ...nothing, messages: [deleted] })}
          />
        ))}
      </Kind>
      <Kind name={t('trash.forms')} count={trash.forms.length}>
        {trash.forms.map(form => (
          <Thing
            key={form.id}
            title={form.name || t('forms.unnamed')}
            fact={t('trash.results', { count: form.rows })}
            deletedAt={form.deletedAt}
            onRestore={back(() => takeFormBack(form))}
            onRemove={() => onRemove({ ...nothing, forms: [form] })}
          />
        ))}
      </Kind>
      <Kind name={t('trash.rows')} count={trash.rows.length}>
        {trash.rows.map(deleted => (
          <Thing
            key={deleted.rowIds[0]}
            title={deleted.source || t('forms.untitledSource')}
            fact={t('trash.ofForm', { count: deleted.rowIds.length, name: deleted.formName || t('forms.unnamed') })}
            deletedAt={deleted.deletedAt}
            onRestore={back(() => takeRowsBack(deleted))}
            onRemove={() => onRemove({ ...nothing, rows: [deleted] })}
          />
        ))}
      </Kind>
    </>
  )
}

function Kind({ name, count, children }: { name: string; count: number; children: ReactNode }) {
  if (count === 0) return null
  return (
    <section aria-label={name} className="pt-6">
      <h2 className="pb-2 text-small text-faint">{name}</h2>
      <ul className="divide-y divide-line border-y border-line">{children}</ul>
    </section>
  )
}

interface ThingProps {
  title: string
  /** How much it is, and of what. */
  fact: string
  /** Milliseconds since 1970. */
  deletedAt: number
  onRestore: () => void
  onRemove: () => void
}

function Thing({ title, fact, deletedAt, onRestore, onRemove }: ThingProps) {
  const { t, i18n } = useTranslation()
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p dir="auto" className="truncate">
          {title}
        </p>
        <p className="truncate text-small text-faint">
          {fact} · {t('trash.deletedAt', { time: moment(deletedAt, i18n.language) })}
        </p>
      </div>
      <Button aria-label={t('trash.restoreChat', { title })} onClick={onRestore}>
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
