import { ArrowDownIcon } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'
import { readEdits, useLastEdited } from '../../state/drafts.ts'
import { Answer } from './answer.tsx'
import { useChat } from './chat-store.ts'
import { rememberedFrom } from './context.ts'
import { useFoundPlaces } from './find/use-find.ts'
import { Question } from './question.tsx'
import { RememberedLine } from './remembered-line.tsx'
import { type MessageRows, useRows } from './rows/use-rows.ts'
import { ToolResult } from './tool-calls.tsx'
import { useJumpTarget } from './use-jump.ts'
import { useKeptFocus } from './use-kept-focus.ts'
import { useStick } from './use-stick.ts'

/** Pixels above the first message. */
const topSpace = 28

/** The messages of the open chat; only those in sight are in the page. Mount it anew for another chat. */
export function MessageList() {
  const { t } = useTranslation()
  const messages = useChat(state => state.thread.messages)
  const conversationId = useChat(state => state.conversationId)
  const edited = useLastEdited(conversationId)
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const { parts, observe, bring } = useRows(messages, box, topSpace, edited)
  const { away, toEnd, release } = useStick(box, content)
  const found = useJumpTarget(messages, bring, release)
  useFoundPlaces(messages, box, bring, release)
  // Edits that cannot be read now, which a notice tells, are there when the person edits again.
  useEffect(() => {
    if (conversationId !== null) readEdits(conversationId).catch(() => undefined)
  }, [conversationId])
  const keepFocus = useKeptFocus(messages, content)
  const remembered = rememberedFrom(messages)
  return (
    <div className="relative min-h-0 flex-1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it */}
      <div ref={box} tabIndex={0} className="column-box h-full -outline-offset-2">
        {/* Tokens are not read out; announcer.tsx tells each finished answer. */}
        <div ref={content} role="log" aria-live="off" aria-label={t('chat.messages')} onFocus={keepFocus}>
          <div style={{ height: topSpace }} />
          {parts.map(part => {
            if ('room' in part) return <Room key={`before ${part.before}`} height={part.room} />
            const message = messages[part.index]!
            return (
              <Row
                key={message.id}
                message={message}
                last={part.index === messages.length - 1}
                answered={messages[part.index + 1]?.role === 'tool'}
                remembered={message.id === remembered}
                found={message.id === found}
                observe={observe}
              />
            )
          })}
          <div className="h-2" />
        </div>
      </div>
      {away ? (
        <button
          type="button"
          onClick={toEnd}
          className="rise absolute bottom-3 left-1/2 flex h-8 -translate-x-1/2 items-center gap-2 rounded-pill border border-line bg-raised px-3.5 text-small text-soft shadow-card transition-colors hover:text-ink"
        >
          <ArrowDownIcon aria-hidden />
          {t('chat.jumpToEnd')}
        </button>
      ) : null}
    </div>
  )
}

/** In place of rows that are not in the page. */
const Room = ({ height }: { height: number }) => <div style={{ height }} className="[overflow-anchor:none]" />

interface RowProps {
  message: Message
  last: boolean
  /** What a function has answered to it stands below. */
  answered: boolean
  /** The model reads the chat from here on. */
  remembered: boolean
  /** The person was led to it. */
  found: boolean
  observe: MessageRows['observe']
}

const Row = memo(({ message, last, answered, remembered, found, observe }: RowProps) => (
  <div
    ref={observe}
    data-message={message.id}
    tabIndex={-1}
    className={`mx-auto flow-root max-w-[calc(var(--column)+3rem)] rounded-large px-6 -outline-offset-2 ${found ? 'found' : ''}`}
  >
    {remembered ? <RememberedLine /> : null}
    <MessageBody message={message} last={last} answered={answered} />
  </div>
))

function MessageBody({ message, last, answered }: Pick<RowProps, 'message' | 'last' | 'answered'>) {
  if (message.role === 'system') return null
  if (message.role === 'tool') return <ToolResult message={message} />
  if (message.role === 'user') return <Question message={message} last={last} />
  return <Answer message={message} last={last} answered={answered} />
}
