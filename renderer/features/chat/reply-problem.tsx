import { useTranslation } from 'react-i18next'
import type { Message, ProblemInfo } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { ProblemCard } from '../../ui/problem-card.tsx'
import { choosingModel, useModels } from '../models/models-store.ts'
import { regenerate } from './chat-store.ts'
import { newChat } from './new-chat.ts'

/** Why an answer failed, with the way out. */
export function ReplyProblem({ message, problem }: { message: Message; problem: ProblemInfo }) {
  const { t } = useTranslation()
  const none = useModels(state => state.models?.some(({ chats }) => chats) === false)
  return (
    <ProblemCard
      problem={problem}
      note={none ? t('models.noneSentence') : undefined}
      remedies={{
        'try-again': () => attempt(() => regenerate(message)),
        'choose-model': () => choosingModel(model => attempt(() => regenerate(message, model))),
        'new-chat': newChat,
      }}
    />
  )
}
