import type { Message, ProblemInfo } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { ProblemCard } from '../../ui/problem-card.tsx'
import { choosingModel } from '../models/models-store.ts'
import { regenerate } from './chat-store.ts'
import { newChat } from './new-chat.ts'

/** Why an answer failed, with the way out. */
export function ReplyProblem({ message, problem }: { message: Message; problem: ProblemInfo }) {
  return (
    <ProblemCard
      problem={problem}
      remedies={{
        'try-again': () => attempt(() => regenerate(message)),
        'choose-model': () => choosingModel(model => attempt(() => regenerate(message, model))),
        'new-chat': newChat,
      }}
    />
  )
}
