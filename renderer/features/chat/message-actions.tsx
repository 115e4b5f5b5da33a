import { ChevronLeftIcon, ChevronRightIcon, EllipsisIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'
import type { Action } from '../../state/action.ts'
import { attempt, perform } from '../../state/perform.ts'
import { isDoubled } from '../../ui/doubled.ts'
import { ActionItems, Menu } from '../../ui/menu.tsx'
import { furtherMessageActions, messageActions } from './actions.ts'
import { AnswerFigures } from './answer-figures.tsx'
import { showVersion, useAnswering, useChat } from './chat-store.ts'
import { useCalm } from './rows/calm.ts'
import { replyInFlight } from './thread.ts'

/**
 * What can be done with a message, below it. In sight when the pointer or the focus is on the message.
 * @param standing always in sight
 */
export function MessageActions({ message, standing }: { message: Message; standing: boolean }) {
  const calm = useCalm()
  const mine = message.role === 'user'
  const versions = message.versions.length > 1 ? <Versions message={message} /> : null
  return (
    <div
      className={`flex h-8 items-center gap-1 whitespace-nowrap max-[30rem]:h-auto max-[30rem]:min-h-8 max-[30rem]:flex-wrap text-tiny text-faint ${mine ? '-mr-1.5' : '-ml-1.5'}`}
    >
      {mine ? null : versions}
      {calm || standing ? <Toolbar message={message} standing={standing} /> : null}
      {/* At the edge of the bubble, as it is in sight when the rest is not. */}
      {mine ? versions : null}
      {calm && !mine ? (
        <AnswerFigures
          message={message}
          className="ml-auto truncate opacity-0 transition group-focus-within:opacity-100 group-hover:opacity-100"
        />
      ) : null}
    </div>
  )
}

function Toolbar({ message, standing }: { message: Message; standing: boolean }) {
  const { t } = useTranslation()
  // What has to wait for the answer no longer has to.
  useAnswering()
  const hidden = standing
    ? ''
    : 'opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100'
  return (
    <div role="toolbar" aria-label={t('app.more')} className={`flex items-center gap-1 ${hidden}`}>
      {messageActions
        .filter(action => action.when?.(message) ?? true)
        .map(action => (
          <ActionButton key={action.id} action={action} message={message} />
        ))}
      <Menu
        align={message.role === 'user' ? 'end' : 'start'}
        trigger={
          <button
            type="button"
            aria-label={t('chat.moreActions')}
            className="grid size-7 place-items-center rounded-small transition-colors hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink"
          >
            <EllipsisIcon aria-hidden className="size-3.5" />
          </button>
        }
      >
        <ActionItems actions={furtherMessageActions} subject={message} />
      </Menu>
    </div>
  )
}

/** One that has to wait keeps its place and the focus, and says why. */
function ActionButton({ action, message }: { action: Action<Message>; message: Message }) {
  const { t } = useTranslation()
  const reason = action.blocked?.(message)
  return (
    <button
      type="button"
      aria-disabled={reason !== undefined}
      title={reason && t(reason)}
      onClick={event => isDoubled(event) || perform(action, message)}
      className="flex h-7 items-center gap-1.5 rounded-small px-1.5 transition-colors hover:bg-hover hover:text-ink aria-disabled:opacity-50"
    >
      <action.icon aria-hidden className="size-3.5" />
      {t(action.name)}
    </button>
  )
}

function Versions({ message }: { message: Message }) {
  const { t } = useTranslation()
  // Another version would take the place of the answer that is being written here.
  const disabled = useChat(({ thread }) => replyInFlight(thread.messages) !== undefined)
  const count = message.versions.length
  const index = message.versions.indexOf(message.id) + 1
  const step = (by: 1 | -1, label: string, Icon: typeof ChevronLeftIcon) => (
    <button
      type="button"
      aria-label={label}
      disabled={disabled || (by < 0 ? index <= 1 : index >= count)}
      onClick={() => attempt(() => showVersion(message, by))}
      className="grid size-7 place-items-center rounded-small transition-colors enabled:hover:bg-hover enabled:hover:text-ink disabled:opacity-40"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label={t('chat.version', { index, count })} className="flex items-center tabular-nums">
      {step(-1, t('chat.previousVersion'), ChevronLeftIcon)}
      <span aria-hidden>
        {index} / {count}
      </span>
      {step(1, t('chat.nextVersion'), ChevronRightIcon)}
    </div>
  )
}
