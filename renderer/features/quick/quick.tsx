import { AppWindowIcon } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { openConversationId, usePlace } from '../../state/place.ts'
import { Button } from '../../ui/button.tsx'
import { Toaster } from '../../ui/toaster.tsx'
import { TooltipProvider } from '../../ui/tooltip.tsx'
import { Announcer } from '../chat/announcer.tsx'
import { SendProblem } from '../chat/chat.tsx'
import { openConversation, useChat } from '../chat/chat-store.ts'
import { Composer } from '../chat/composer.tsx'
import { MessageList } from '../chat/message-list.tsx'

/** A question, and what is answered below it. */
export function Quick() {
  const { t } = useTranslation()
  const conversationId = usePlace(({ place }) => openConversationId(place))
  const shown = useChat(state => state.conversationId === conversationId && conversationId !== null && !state.opening)
  useEffect(() => openConversation(conversationId), [conversationId])
  useEffect(closeOnEscape, [])
  const openInHearth = async () => {
    if (conversationId !== null) await call('quick.openInHearth', { conversationId })
  }
  return (
    <TooltipProvider>
      <main aria-label={t('quick.title')} className="relative flex h-full flex-col border border-line pt-4">
        <h1 className="sr-only">{t('quick.title')}</h1>
        <SendProblem />
        <div className="column-box flex-none overflow-hidden">
          <Composer />
        </div>
        {shown ? <MessageList key={conversationId} /> : <div className="flex-1" />}
        <footer className="flex h-11 flex-none items-center justify-between gap-3 border-t border-line pr-6 pl-8.5 text-tiny text-faint">
          {t('quick.escape')}
          {conversationId === null ? null : (
            <Button look="quiet" onClick={() => attempt(openInHearth)}>
              <AppWindowIcon aria-hidden className="size-3.5" />
              {t('quick.openInHearth')}
            </Button>
          )}
        </footer>
        <Announcer />
        <Toaster />
      </main>
    </TooltipProvider>
  )
}

/** What is open in front of it (a menu, a dialog) takes the key for itself. */
function closeOnEscape(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) window.close()
  }
  window.addEventListener('keydown', press)
  return () => window.removeEventListener('keydown', press)
}
