import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../preload/contract.ts'
import { useChat } from './chat-store.ts'
import { replyInFlight } from './thread.ts'

/** Letters of an answer that are read out; the rest is there to be read. */
const readOut = 1500

/**
 * Tells a screen reader what the eye sees happen: that an answer is on its way, each finished answer, once, without the
 * stream of tokens before it, and which version is shown.
 */
export function Announcer() {
  const { t } = useTranslation()
  const messages = useChat(state => state.thread.messages)
  const before = useRef<readonly Message[]>([])
  const writing = useRef<Pick<Message, 'id' | 'wait'>>(undefined)
  const [news, setNews] = useState('')
  useEffect(() => {
    const earlier = before.current
    const { id, wait = null } = writing.current ?? {}
    const reply = replyInFlight(messages)
    before.current = messages
    writing.current = reply
    if (reply) {
      const waits = reply.wait?.for
      // Reading the question is a moment, mostly.
      if (waits !== undefined && waits !== 'prompt' && waits !== wait?.for) {
        setNews(t(waits === 'turn' ? 'chat.queued' : 'chat.waking'))
      } else if (reply.id !== id) setNews(t('chat.working'))
      return
    }
    const finished = id === undefined ? undefined : messages.findLast(message => message.id === id)
    const shown = finished ? undefined : newlyShown(earlier, messages)
    // A failed answer tells itself: its card is an alert. The next one is told anew.
    if (finished?.state === 'failed') setNews('')
    else if (finished?.state === 'complete')
      setNews(`${t('chat.answerFinished')} ${finished.content.slice(0, readOut)}`)
    else if (finished?.state === 'stopped') setNews(t('chat.answerStopped'))
    else if (finished?.state === 'interrupted') setNews(t('chat.interrupted'))
    else if (shown) {
      setNews(t('chat.version', { index: shown.versions.indexOf(shown.id) + 1, count: shown.versions.length }))
    }
  }, [messages, t])
  return (
    <div aria-live="polite" className="sr-only">
      {news}
    </div>
  )
}

/** The message that stands where another version of it stood. */
function newlyShown(before: readonly Message[], messages: readonly Message[]): Message | undefined {
  const at = messages.findIndex(({ id }, index) => id !== before[index]?.id)
  const [old, shown] = [before[at], messages[at]]
  return old && shown && shown.versions.length > 0 && old.versions.includes(shown.id) ? shown : undefined
}
