import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemCard } from '../../ui/problem-card.tsx'
import { choosingModel } from '../models/models-store.ts'
import { TuningPanel } from '../tuning/tuning-panel.tsx'
import { Welcome } from '../welcome/welcome.tsx'
import { Announcer } from './announcer.tsx'
import { ChatHeader } from './chat-header.tsx'
import { clearSendProblem, openConversation, useChat } from './chat-store.ts'
import { Composer } from './composer.tsx'
import { focusComposer } from './composer-focus.ts'
import { FindBar } from './find/find-bar.tsx'
import { HiddenAnswer } from './hidden-answer.tsx'
import { MessageList } from './message-list.tsx'
import { newChat } from './new-chat.ts'

/** One conversation, or the beginning of one. */
export function Chat({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation()
  const opened = useChat(state => state.conversationId)
  const opening = useChat(state => state.opening)
  useEffect(() => openConversation(conversationId), [conversationId])
  useEffect(() => () => openConversation(null), [])
  return (
    <>
      <main aria-label={t('app.main')} className="relative flex min-w-0 flex-1 flex-col">
        <ChatHeader />
        {conversationId === null ? null : <FindBar key={conversationId} />}
        {conversationId === null && opened === null ? <Welcome /> : null}
        {conversationId !== null && opened === conversationId && !opening ? <MessageList key={conversationId} /> : null}
        {conversationId !== null && (opened !== conversationId || opening) ? <div className="flex-1" /> : null}
        <div className="column-box pointer-events-none overflow-hidden -mt-4 flex-none pt-4 *:pointer-events-auto">
          <SendProblem />
          <HiddenAnswer />
          <Composer />
        </div>
        <Announcer />
      </main>
      <TuningPanel conversationId={conversationId} />
    </>
  )
}

/** Why the last question was not taken; the text is still in the box. */
export function SendProblem() {
  const { t } = useTranslation()
  const problem = useChat(state => state.sendProblem)
  if (!problem) return null
  const back = () => {
    clearSendProblem()
    focusComposer()
  }
  return (
    <div className="mx-auto w-full max-w-[calc(var(--column)+3rem)] px-6">
      <ProblemCard
        problem={problem}
        note={t('chat.notSent')}
        remedies={{
          'choose-model': () => {
            clearSendProblem()
            choosingModel(() => {})
          },
          'new-chat': newChat,
          'try-again': back,
        }}
      />
    </div>
  )
}
