import { DownloadIcon, FolderIcon, FolderInputIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useConversations } from '../../state/conversations.ts'
import { attempt } from '../../state/perform.ts'
import { ActionItems, Item, SubMenu } from '../../ui/menu.tsx'
import { exportActions } from '../transfer/transfer-actions.ts'
import { conversationActions, type HeldConversation } from './conversation-actions.ts'
import { moveTo, placeActions } from './folders.ts'

/** The menu of a conversation. */
export function ConversationItems({ conversation, at }: HeldConversation) {
  const { t } = useTranslation()
  const folders = useConversations(state => state.folders)
  const others = folders.filter(({ id }) => id !== conversation.folderId)
  const [pin, rest] = [conversationActions.slice(0, 2), conversationActions.slice(2)]
  return (
    <>
      <ActionItems actions={pin} subject={{ conversation, at }} />
      <SubMenu icon={FolderInputIcon} name={t('history.move')}>
        {others.map(({ id, name }) => (
          <Item key={id} icon={FolderIcon} onSelect={() => attempt(() => moveTo(conversation, id))}>
            {name}
          </Item>
        ))}
        <ActionItems actions={placeActions(folders)} subject={conversation} />
      </SubMenu>
      <SubMenu icon={DownloadIcon} name={t('transfer.export')}>
        <ActionItems actions={exportActions} subject={conversation} />
      </SubMenu>
      <ActionItems actions={rest} subject={{ conversation, at }} />
    </>
  )
}
