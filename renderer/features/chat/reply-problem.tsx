import { useTranslation } from 'react-i18next'
import type { Message, ProblemInfo } from '../../../preload/contract.ts'
import { attempt, perform } from '../../state/perform.ts'
import { ProblemCard } from '../../ui/problem-card.tsx'
import { choosingModel, useModels } from '../models/models-store.ts'
import { useNoneWords } from '../models/none-words.ts'
import { continueAction, regenerateAction } from './actions.ts'
import { continueAnswer, isUnfinished, regenerate } from './chat-store.ts'
import { newChat } from './new-chat.ts'

/** Why an answer failed, with the way out. One that had begun is gone on with: nothing of it is asked for twice. */
export function ReplyProblem({ message, problem }: { message: Message; problem: ProblemInfo }) {
  const { t } = useTranslation()
  const none = useModels(state => state.models?.some(({ chats }) => chats) === false)
  const noneWords = useNoneWords()
  const begun = isUnfinished(message)
  const [again, againWith] = begun ? [continueAction, continueAnswer] : [regenerateAction, regenerate]
  return (
    <ProblemCard
      problem={problem}
      note={none ? t(noneWords) : undefined}
      labels={begun ? { 'try-again': 'chat.continue' } : undefined}
      remedies={{
        'try-again': () => perform(again, message),
        'choose-model': () => choosingModel(model => attempt(() => againWith(message, model))),
        'new-chat': newChat,
      }}
    />
  )
}
