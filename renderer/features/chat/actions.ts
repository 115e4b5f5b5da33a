import { CopyIcon, PencilIcon, RefreshCwIcon, SquareIcon, StepForwardIcon, TextIcon, Trash2Icon } from 'lucide-react'
import type { Message } from '../../../preload/contract.ts'
import type { Action } from '../../state/action.ts'
import { problemWords } from '../../state/problem-words.ts'
import { showToast } from '../../state/toasts.ts'
import { copyText } from '../../ui/clipboard.ts'
import {
  continueAnswer,
  hasLostQuestion,
  isAnswering,
  isLast,
  isUnfinished,
  regenerate,
  remove,
  stopAnswer,
} from './chat-store.ts'
import { startEditing } from './editing.ts'
import { shownText } from './shown-text.ts'

export const stopAction: Action = {
  id: 'stop',
  name: 'chat.stop',
  icon: SquareIcon,
  shortcut: 'Escape',
  when: isAnswering,
  perform: stopAnswer,
}

/** The messages stay as they are while one is being written. */
const blocked = () => (isAnswering() ? 'chat.afterAnswer' : undefined)

/** The card of a failed answer offers this one button: to go on where there is something, else to answer again. */
const onCard = ({ problem }: Message) => problem !== null && problemWords(problem).remedy === 'try-again'

export const continueAction: Action<Message> = {
  id: 'continue',
  name: 'chat.continue',
  icon: StepForwardIcon,
  when: message => isUnfinished(message) && !onCard(message),
  blocked,
  perform: message => continueAnswer(message),
}

export const regenerateAction: Action<Message> = {
  id: 'regenerate',
  name: 'chat.regenerate',
  icon: RefreshCwIcon,
  when: message => message.role === 'assistant' && (isUnfinished(message) || !onCard(message)),
  blocked: message => blocked() ?? (hasLostQuestion(message) ? 'chat.questionDeleted' : undefined),
  perform: message => regenerate(message),
}

/** A question that nothing answers any more is answered; it need not be asked a second time. */
const answerAction: Action<Message> = {
  id: 'answer',
  name: 'chat.answer',
  icon: RefreshCwIcon,
  when: message => message.role === 'user' && isLast(message) && !isAnswering(),
  perform: message => regenerate(message),
}

/** What can be done with one message, in sight below it. */
export const messageActions: readonly Action<Message>[] = [
  {
    id: 'copy',
    name: 'chat.copy',
    icon: CopyIcon,
    when: message => message.content !== '',
    perform: message => copy(message.content),
  },
  {
    id: 'edit',
    name: 'chat.edit',
    icon: PencilIcon,
    when: ({ role }) => role === 'user',
    blocked,
    perform: startEditing,
  },
  answerAction,
  continueAction,
  regenerateAction,
]

/** What is done more seldom, in a menu. */
export const furtherMessageActions: readonly Action<Message>[] = [
  {
    id: 'copy-text',
    name: 'chat.copyText',
    icon: TextIcon,
    when: ({ role, content }) => role === 'assistant' && content !== '',
    perform: message => copy(plainTextOf(message)),
  },
  { id: 'delete-message', name: 'chat.deleteMessage', icon: Trash2Icon, danger: true, blocked, perform: remove },
]

const copy = (text: string): Promise<void> =>
  copyText(text).then(
    () => showToast({ text: 'app.copied' }),
    () => showToast({ text: 'app.copyFailed' }),
  )

/** Without the signs of its markdown. */
function plainTextOf({ id, content }: Message): string {
  const drawn = document.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"] .markdown`)
  return drawn ? shownText(drawn) : content
}
