import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChat } from './chat-store.ts'
import { replyInFlight } from './thread.ts'

/** Letters of an answer that are read out; the rest is there to be read. */
const readOut = 1500

/** Tells a screen reader each finished answer, once, without the stream of tokens before it. */
export function Announcer() {
  const { t } = useTranslation()
  const messages = useChat(state => state.thread.messages)
  const writing = useRef<string>(undefined)
  const [news, setNews] = useState('')
  useEffect(() => {
    const reply = replyInFlight(messages)
    const finished = messages.findLast(({ id }) => id === writing.current)
    writing.current = reply?.id
    if (!finished || finished.id === reply?.id) return
    // A failed answer tells itself: its card is an alert.
    if (finished.state === 'complete') setNews(`${t('chat.answerFinished')} ${finished.content.slice(0, readOut)}`)
    else if (finished.state === 'stopped') setNews(t('chat.answerStopped'))
  }, [messages, t])
  return (
    <div aria-live="polite" className="sr-only">
      {news}
    </div>
  )
}
