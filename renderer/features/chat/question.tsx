import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'
import { isDocument } from '../documents/attached.ts'
import { DocumentChips } from '../documents/document-chips.tsx'
import { QuestionPictures } from '../pictures/question-pictures.tsx'
import { useAnswering } from './chat-store.ts'
import { EditQuestion } from './edit-question.tsx'
import { useIsEditing } from './editing.ts'
import { placeOf, useFind } from './find/find-store.ts'
import { MessageActions } from './message-actions.tsx'

/** Letters of a question that are shown before "show all". */
const folded = 2400

/** What the person wrote, as it was written: plain text in a bubble at the right. */
export const Question = memo(({ message, last = false }: { message: Message; last?: boolean }) => {
  const { t } = useTranslation()
  const editing = useIsEditing(message)
  const [open, setOpen] = useState(false)
  // What is looked for may stand in the part that is folded away.
  const found = useFind(state => state.open && placeOf(state)?.messageId === message.id)
  // Its answer is not on its way, either: it was deleted.
  const unanswered = !useAnswering() && last
  if (editing) return <EditQuestion message={message} />
  const long = message.content.length > folded
  const pictures = message.attachments.filter(kept => !isDocument(kept))
  return (
    <article aria-label={t('chat.youSaid')} className="group relative flex flex-col items-end pb-8">
      {pictures.length > 0 ? <QuestionPictures pictures={pictures} /> : null}
      <DocumentChips documents={message.attachments.filter(isDocument)} />
      {message.content === '' ? null : (
        <div className="max-w-[80%] rounded-large rounded-br-[4px] bg-sunk px-4 py-2.5 break-words whitespace-pre-wrap">
          <span dir="auto" data-text>
            {long && !open && !found ? `${message.content.slice(0, folded)}…` : message.content}
          </span>
          {long && !found ? (
            <button
              type="button"
              onClick={() => setOpen(!open)}
              className="mt-2 block text-small text-ember-text underline decoration-line-strong underline-offset-3"
            >
              {t(open ? 'chat.showLess' : 'chat.showAll')}
            </button>
          ) : null}
        </div>
      )}
      <div className="absolute right-0 bottom-0">
        <MessageActions message={message} standing={unanswered} />
      </div>
    </article>
  )
})
