import { EllipsisIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { useConversation } from '../../state/conversations.ts'
import { perform } from '../../state/perform.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { ConversationItems } from '../history/conversation-items.tsx'
import { startRename, useRenaming } from '../history/history-store.ts'
import { TitleField } from '../history/title-field.tsx'
import { ModelTitle } from '../models/model-title.tsx'
import { useModel } from '../models/use-model.ts'
import { tuningAction } from '../tuning/tuning-action.ts'
import { useTuningState } from '../tuning/tuning-store.ts'
import { useChat } from './chat-store.ts'
import { focusComposer } from './composer-focus.ts'

/** Title, the model that answers, and what can be done with the chat. */
export function ChatHeader() {
  const { t } = useTranslation()
  const id = useChat(state => state.conversationId)
  const opened = useChat(state => state.thread.conversation)
  const conversation = useConversation(id) ?? opened
  // The one the composer names, too: of two names nobody would know which answers.
  const model = useModel(id).name
  const renaming = useRenaming(state => state.renaming?.at === 'header' && state.renaming.id === id)
  const tuning = useTuningState(state => state.open)
  const platform = useAppInfo(info => info.platform)
  const title = conversation?.title || (id === null ? t('app.newChat') : conversation ? t('history.untitled') : '')
  return (
    <header className="flex h-(--header) flex-none items-center gap-3 border-b border-line pr-3 pl-5">
      {renaming && conversation ? (
        <TitleField conversation={conversation} onKeyEnd={focusComposer} className="h-8 flex-1 font-bold" />
      ) : (
        <h1
          dir="auto"
          onDoubleClick={() => conversation && startRename(conversation.id, 'header')}
          className="truncate font-bold"
        >
          {title}
        </h1>
      )}
      {conversation && model !== '' ? (
        <span className="flex max-w-56 min-w-0 flex-none items-center max-[30rem]:hidden gap-2 rounded-pill border border-line bg-raised px-3 py-0.5 text-small text-soft">
          <ModelTitle name={model} />
        </span>
      ) : null}
      {renaming ? null : <div className="flex-1" />}
      <IconButton
        icon={tuningAction.icon}
        label={t(tuningAction.name)}
        shortcut={shortcutLabel(tuningAction.shortcut ?? '', platform)}
        aria-expanded={tuning}
        onClick={() => perform(tuningAction, undefined)}
      />
      {conversation ? (
        <Menu trigger={<IconButton icon={EllipsisIcon} label={t('app.more')} />}>
          <ConversationItems conversation={conversation} at="header" />
        </Menu>
      ) : null}
    </header>
  )
}
