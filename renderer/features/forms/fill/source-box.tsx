import { MessageSquareIcon, PaperclipIcon } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mostSourceText } from '../../../../preload/contract-limits.ts'
import { useConversations } from '../../../state/conversations.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { ChatPicker } from './chat-picker.tsx'
import { Files, Refused } from './source-files.tsx'
import { addFiles, addSource, changeSources, listed, useSources } from './sources-store.ts'

interface Props {
  formId: string
  /** Why it cannot be run now; null when it can. */
  blocked: ReactNode
  onRun: () => void
}

/** Where a text, files or a chat come in, and the form is run on them. */
export function SourceBox({ formId, blocked, onRun }: Props) {
  const { t } = useTranslation()
  const sources = useSources(formId)
  const input = useRef<HTMLInputElement>(null)
  const take = (files: readonly File[]) => attempt(() => addFiles(formId, files))
  const count = listed(sources).length
  const ready = count > 0 && sources.reading === 0 && blocked === null
  return (
    <section aria-label={t('forms.source')}>
      <div className="rounded-large border border-line bg-raised p-3 shadow-card transition-colors focus-within:border-line-strong">
        <textarea
          aria-label={t('forms.sourceText')}
          dir="auto"
          rows={3}
          maxLength={mostSourceText}
          value={sources.text}
          placeholder={t('forms.sourcePlaceholder')}
          onChange={event => changeSources(formId, { text: event.target.value })}
          onPaste={event => {
            const files = [...event.clipboardData.files]
            if (files.length === 0) return
            event.preventDefault()
            take(files)
          }}
          onKeyDown={event => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !ready) return
            event.preventDefault()
            onRun()
          }}
          className="field-sizing-content max-h-72 min-h-20 w-full resize-none bg-transparent px-1 text-row outline-none"
        />
        <Files formId={formId} />
        <div className="flex flex-wrap items-center gap-2 pt-2">
          <Button look="quiet" onClick={() => input.current?.click()}>
            <PaperclipIcon aria-hidden />
            {t('forms.addFiles')}
          </Button>
          <input
            ref={input}
            type="file"
            aria-label={t('forms.addFiles')}
            multiple
            hidden
            onChange={event => {
              take([...(event.target.files ?? [])])
              // The same file can be chosen again.
              event.target.value = ''
            }}
          />
          <FromChats formId={formId} />
          <span className="flex-1" />
          <Button look="primary" disabled={!ready} onClick={onRun}>
            {count > 1 ? t('forms.runMany', { count }) : t('forms.run')}
          </Button>
        </div>
      </div>
      {blocked && count > 0 ? <div className="pt-2">{blocked}</div> : null}
      <Refused formId={formId} />
    </section>
  )
}

/** Takes chats as they are now. */
function FromChats({ formId }: { formId: string }) {
  const { t } = useTranslation()
  const [choosing, setChoosing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const chats = useConversations(({ conversations }) => conversations)
  if (!chats || chats.length === 0) return null
  return (
    <>
      <Button ref={button} look="quiet" onClick={() => setChoosing(true)}>
        <MessageSquareIcon aria-hidden />
        {t('forms.fromChats')}
      </Button>
      {choosing ? (
        <ChatPicker
          chats={chats}
          onChoose={ids => {
            for (const conversationId of ids)
              addSource(formId, { source: { kind: 'chat', conversationId }, remarks: [] })
          }}
          onClose={() => setChoosing(false)}
          returnTo={() => button.current}
        />
      ) : null}
    </>
  )
}
