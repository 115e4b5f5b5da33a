import { CopyIcon, PencilIcon, RefreshCwIcon, SquareIcon } from 'lucide-react'
import type { Message } from '../../../preload/contract.ts'
import type { Action } from '../../state/action.ts'
import { problemWords } from '../../state/problem-words.ts'
import { showToast } from '../../state/toasts.ts'
import { copyText } from '../../ui/clipboard.ts'
import { isAnswering, regenerate, stopAnswer } from './chat-store.ts'
import { startEditing } from './editing.ts'

export const stopAction: Action = {
  id: 'stop',
  name: 'chat.stop',
  icon: SquareIcon,
  shortcut: 'Escape',
  when: isAnswering,
  perform: stopAnswer,
}

/** What can be done with one message. */
export const messageActions: readonly Action<Message>[] = [
  {
    id: 'copy',
    name: 'chat.copy',
    icon: CopyIcon,
    when: message => message.content !== '',
    perform: message =>
      copyText(message.content).then(
        () => showToast({ text: 'app.copied' }),
        () => showToast({ text: 'app.copyFailed' }),
      ),
  },
  {
    id: 'edit',
    name: 'chat.edit',
    icon: PencilIcon,
    when: ({ role }) => role === 'user',
    perform: ({ id }) => startEditing(id),
  },
  {
    id: 'regenerate',
    name: 'chat.regenerate',
    icon: RefreshCwIcon,
    // A failed answer's card offers the same, where it helps.
    when: ({ role, problem }) => role === 'assistant' && !(problem && problemWords(problem).remedy === 'try-again'),
    perform: message => regenerate(message),
  },
]
