import { useTranslation } from 'react-i18next'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { showAnswer, useHiddenAnswer } from './chat-store.ts'
import { useAfter } from './use-after.ts'

/** Milliseconds in which an answer that has just begun, or was just asked for, comes into sight by itself. */
const patience = 300

/**
 * Says that an answer is being written in a version that is not shown, as after a jump to an older one, and leads
 * there.
 */
export function HiddenAnswer() {
  const messageId = useHiddenAnswer()
  return messageId === null ? null : <Elsewhere messageId={messageId} />
}

function Elsewhere({ messageId }: { messageId: string }) {
  const { t } = useTranslation()
  if (!useAfter(patience)) return null
  return (
    <div
      role="status"
      className="mx-auto mb-2 flex w-full max-w-[calc(var(--column)+3rem)] items-center gap-3 px-6 text-small text-soft"
    >
      <span aria-hidden className="breathe ml-1 size-1.5 flex-none rounded-pill bg-ember" />
      <span className="min-w-0 flex-1">{t('chat.answeringElsewhere')}</span>
      <Button onClick={() => attempt(() => showAnswer(messageId))}>{t('chat.showAnswer')}</Button>
    </div>
  )
}
