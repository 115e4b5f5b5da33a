import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment, Message } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { isDocument } from '../documents/attached.ts'
import { DocumentChips } from '../documents/document-chips.tsx'
import { pickModel } from '../models/models-store.ts'
import { useModel } from '../models/use-model.ts'
import { CannotSee, isBlind } from '../pictures/cannot-see.tsx'
import { PictureTiles } from '../pictures/picture-tiles.tsx'
import { sendQuestion, useChat } from './chat-store.ts'
import { focusComposer } from './composer-focus.ts'
import { stopEditing } from './editing.ts'
import { sendsMessage } from './send-key.ts'
import { TooLong } from './too-long.tsx'
import { useViewSize } from './view-size.ts'

/** A question in the making of another version; the one it comes from is kept. */
export function EditQuestion({ message }: { message: Message }) {
  const { t } = useTranslation()
  const [text, setText] = useState(message.content)
  const [attachments, setAttachments] = useState(message.attachments)
  const pictures = attachments.filter(kept => !isDocument(kept))
  const documents = attachments.filter(isDocument)
  const field = useRef<HTMLTextAreaElement>(null)
  const conversationId = useChat(state => state.conversationId)
  const model = useModel(conversationId)
  const view = useViewSize(conversationId, model.name, documents.length > 0)
  const blind = pictures.length > 0 && isBlind(model)
  const ready = (text.trim() !== '' || attachments.length > 0) && model.name !== '' && !model.missing && !blind

  useEffect(() => {
    field.current?.focus()
    field.current?.setSelectionRange(message.content.length, message.content.length)
  }, [message.content.length])

  const remove = (gone: Attachment) => setAttachments(attachments.filter(other => other !== gone))
  const close = () => {
    stopEditing()
    focusComposer()
  }
  const send = async () => {
    if (!ready) return
    const { parentId } = message
    if (await sendQuestion({ text, attachments, model: model.name, parentId })) close()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (sendsMessage(event)) {
      event.preventDefault()
      void send()
    }
  }
  return (
    <article aria-label={t('chat.youSaid')} className="flex flex-col items-end pb-6">
      <div className="w-full rounded-large border border-line bg-raised p-3 pl-4 shadow-card focus-within:border-line-strong">
        {blind ? (
          <div className="mb-2.5">
            <CannotSee
              model={model.name}
              where="question"
              onUse={name => attempt(() => pickModel(conversationId, name))}
            />
          </div>
        ) : null}
        <PictureTiles pictures={pictures} onRemove={remove} />
        <DocumentChips documents={documents} view={view.size} onRemove={remove} />
        <TooLong conversationId={conversationId} documents={documents} view={view} />
        <textarea
          ref={field}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={press}
          aria-label={t('chat.editField')}
          dir="auto"
          className="block field-sizing-content max-h-[12lh] w-full resize-none bg-transparent outline-none"
        />
        <div className="mt-3 flex items-center gap-2">
          <span className="flex-1 text-tiny text-faint">{t('chat.editNote')}</span>
          <Button look="quiet" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button look="primary" disabled={!ready} onClick={() => void send()}>
            {t('chat.resend')}
          </Button>
        </div>
      </div>
    </article>
  )
}
