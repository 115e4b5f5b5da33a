import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../preload/contract.ts'
import { longest } from '../../../preload/contract-limits.ts'
import { attempt } from '../../state/perform.ts'
import { endRename, rename } from './history-store.ts'
import { NameField } from './name-field.tsx'

interface Props {
  conversation: Conversation
  /** Gives the focus back when a key has ended the writing. */
  onKeyEnd: () => void
  className?: string
}

/** The title of a chat being written in its place. */
export function TitleField({ conversation, ...rest }: Props) {
  const { t } = useTranslation()
  const end = (title: string | null) => (title === null ? endRename() : attempt(() => rename(conversation, title)))
  return (
    <NameField
      value={conversation.title}
      label={t('history.titleField')}
      maxLength={longest.title}
      onEnd={end}
      {...rest}
    />
  )
}
