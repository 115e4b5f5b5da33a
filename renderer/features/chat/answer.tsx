import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import { MessageActions } from './message-actions.tsx'
import { ReplyProblem } from './reply-problem.tsx'
import { Thinking } from './thinking.tsx'
import { ToolCalls } from './tool-calls.tsx'
import { Waiting } from './waiting.tsx'

interface AnswerProps {
  message: Message
  /** Nothing stands below it. */
  last: boolean
  /** What a function has answered to it stands below. */
  answered?: boolean
}

/** What a model wrote, or is writing. */
export const Answer = memo(({ message, last, answered = false }: AnswerProps) => {
  const { t } = useTranslation()
  const { content, thinking, state, problem, metrics, toolCalls, context } = message
  const writing = state === 'waiting' || state === 'streaming'
  // Its blocks have all been in sight, so that their sizes are known when they no longer are.
  const [streamed] = useState(writing)
  const actions = <MessageActions message={message} standing={last} />
  return (
    <article aria-label={t('chat.answered')} aria-busy={writing} className={`group ${answered ? '' : 'pb-4'}`}>
      {thinking ? <Thinking message={message} /> : null}
      {writing && !content && !thinking && toolCalls.length === 0 ? <Waiting wait={message.wait} /> : null}
      {content ? (
        <div data-text data-writing={writing || undefined} data-streamed={streamed || undefined}>
          <Markdown text={content} growing={writing} />
        </div>
      ) : null}
      {toolCalls.length > 0 ? (
        <ToolCalls message={message} answered={answered} actions={answered ? actions : null} />
      ) : null}
      {context?.cut && state !== 'waiting' ? <Remark text={t('chat.questionCut')} /> : null}
      {state === 'stopped' ? <Remark text={t('chat.stopped')} /> : null}
      {state === 'interrupted' ? <Remark text={t('chat.interrupted')} /> : null}
      {state === 'complete' && metrics?.ended === 'length' ? (
        <Remark text={t('chat.cutOff')} />
      ) : state === 'complete' && content.trim() === '' && toolCalls.length === 0 ? (
        <Remark text={t('chat.nothingSaid')} />
      ) : null}
      {state === 'failed' && problem ? <ReplyProblem message={message} problem={problem} /> : null}
      {writing ? <div className="h-9" /> : answered ? null : actions}
    </article>
  )
})

const Remark = ({ text }: { text: string }) => <p className="mt-3 text-small text-faint">{text}</p>
