import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment, Message } from '../../../preload/contract.ts'
import { longest } from '../../../preload/contract-limits.ts'
import { changeDraft, sendDraft, useDraft } from '../../state/drafts.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { isComposing } from '../../ui/composing.ts'
import { isDocument } from '../documents/attached.ts'
import { DocumentChips } from '../documents/document-chips.tsx'
import { pickModel } from '../models/models-store.ts'
import { useModel } from '../models/use-model.ts'
import { AddPictures } from '../pictures/add-pictures.tsx'
import { CannotSee, isBlind } from '../pictures/cannot-see.tsx'
import { addPictures, dropPicture, forgetRefusals, useIntake } from '../pictures/draft-pictures.ts'
import { pastePictures } from '../pictures/paste-pictures.ts'
import { PictureTiles } from '../pictures/picture-tiles.tsx'
import { RefusedPictures } from '../pictures/refused-pictures.tsx'
import { sendQuestion, useChat } from './chat-store.ts'
import { focusComposer } from './composer-focus.ts'
import { stopEditing, takesFocus, useEditPlace } from './editing.ts'
import { sendsMessage } from './send-key.ts'
import { TooLong } from './too-long.tsx'
import { useViewSize } from './view-size.ts'

/** A question in the making of another version; the one it comes from is kept. */
export function EditQuestion({ message }: { message: Message }) {
  const { t } = useTranslation()
  const conversationId = useChat(state => state.conversationId)
  const place = useEditPlace(message)
  const { text, attachments } = useDraft(place)
  const { preparing, refusals } = useIntake(place)
  const [sending, setSending] = useState(false)
  const pictures = attachments.filter(kept => !isDocument(kept))
  const documents = attachments.filter(isDocument)
  const field = useRef<HTMLTextAreaElement>(null)
  const model = useModel(conversationId)
  const view = useViewSize(conversationId, model.name, documents.length > 0)
  const blind = pictures.length > 0 && isBlind(model)
  const something = text.trim() !== '' || attachments.length > 0
  const ready = something && preparing === 0 && !sending && model.name !== '' && !model.missing && !blind

  useEffect(() => {
    if (!takesFocus(message)) return
    field.current?.focus()
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length)
  }, [message])

  const close = () => {
    stopEditing(message)
    focusComposer()
  }
  const send = async () => {
    if (!ready) return
    const { id: editedId, parentId } = message
    setSending(true)
    const sent = await sendDraft(place, ({ text, attachments }) =>
      sendQuestion({ conversationId, text, attachments, model: model.name, parentId, fromDraft: true, editedId }),
    )
    setSending(false)
    if (sent) focusComposer()
  }
  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (sendsMessage(event)) {
      event.preventDefault()
      void send()
    }
  }
  const remove = (gone: Attachment) => {
    dropPicture(place, gone)
    field.current?.focus()
  }
  return (
    <article aria-label={t('chat.youSaid')} data-draft={place} className="flex flex-col items-end pb-6">
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
        <RefusedPictures
          refusals={refusals}
          onDismiss={() => {
            forgetRefusals(place)
            field.current?.focus()
          }}
        />
        <PictureTiles pictures={pictures} preparing={preparing} onRemove={remove} />
        <DocumentChips documents={documents} view={view.size} onRemove={remove} />
        <TooLong conversationId={conversationId} documents={documents} view={view} />
        <textarea
          ref={field}
          maxLength={longest.question}
          value={text}
          readOnly={sending}
          onChange={event => changeDraft(place, { text: event.target.value })}
          onKeyDown={press}
          onPaste={event => pastePictures(place, event)}
          aria-label={t('chat.editField')}
          dir="auto"
          className="block field-sizing-content max-h-[12lh] w-full resize-none bg-transparent outline-none"
        />
        <div className="mt-3 -ml-1.5 flex items-center gap-2">
          <AddPictures onFiles={files => void addPictures(place, files)} />
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
