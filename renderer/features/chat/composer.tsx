import { ArrowUpIcon, SquareIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../preload/contract-limits.ts'
import { shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { changeDraft, sendDraft, useDraft } from '../../state/drafts.ts'
import { attempt, perform } from '../../state/perform.ts'
import { isQuickWindow } from '../../state/quick-window.ts'
import { isDoubled } from '../../ui/doubled.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { isDocument } from '../documents/attached.ts'
import { DocumentChips } from '../documents/document-chips.tsx'
import { DemoNote } from '../models/demo-note.tsx'
import { DoesNotFit, useDoesNotFit } from '../models/does-not-fit.tsx'
import { ModelPicker } from '../models/model-picker.tsx'
import { pickModel, useModels } from '../models/models-store.ts'
import { useNoneWords } from '../models/none-words.ts'
import { type ModelChoice, useModel } from '../models/use-model.ts'
import { AddPictures } from '../pictures/add-pictures.tsx'
import { AddScreenshot } from '../pictures/add-screenshot.tsx'
import { CannotSee, isBlind } from '../pictures/cannot-see.tsx'
import { addPictures, addScreenshot, dropPicture, forgetRefusals, useIntake } from '../pictures/draft-pictures.ts'
import { pastePictures } from '../pictures/paste-pictures.ts'
import { PictureTiles } from '../pictures/picture-tiles.tsx'
import { RefusedPictures } from '../pictures/refused-pictures.tsx'
import { stopAction } from './actions.ts'
import { sendQuestion, useAnswering, useChat } from './chat-store.ts'
import { composerId, focusComposer } from './composer-focus.ts'
import { ContextMeter } from './context-meter.tsx'
import { sendsMessage } from './send-key.ts'
import { TooLong } from './too-long.tsx'
import { useViewSize } from './view-size.ts'

/** Where the person writes. What is typed is kept for each chat until it is sent. */
export function Composer() {
  const { t } = useTranslation()
  const conversationId = useChat(state => state.conversationId)
  const opening = useChat(state => state.opening)
  const answering = useAnswering()
  const { text, attachments } = useDraft(conversationId)
  const pictures = attachments.filter(kept => !isDocument(kept))
  const documents = attachments.filter(isDocument)
  const model = useModel(conversationId)
  const view = useViewSize(conversationId, model.name, documents.length > 0)
  const [hint, setHint] = useState(false)
  const sending = useRef(false)
  const { preparing, refusals } = useIntake(conversationId)
  const earlierPictures = useChat(({ thread }) =>
    thread.messages.some(({ attachments }) => attachments.some(kept => !isDocument(kept))),
  )
  const blind = isBlind(model)
  const something = text.trim() !== '' || attachments.length > 0
  const takesIt = model.name !== '' && !model.missing && !(blind && pictures.length > 0)
  const ready = something && takesIt && preparing === 0 && !opening

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat is what takes the focus here
  useEffect(() => focusComposer(), [conversationId])
  useEffect(() => {
    if (!answering) setHint(false)
  }, [answering])

  const send = async () => {
    if (answering) setHint(true)
    if (answering || !ready || sending.current) return
    sending.current = true
    const parentId = useChat.getState().thread.messages.at(-1)?.id ?? null
    forgetRefusals(conversationId)
    await sendDraft(conversationId, ({ text, attachments }) =>
      sendQuestion({ conversationId, text, attachments, model: model.name, parentId, fromDraft: true }),
    )
    sending.current = false
  }
  const press = (event: KeyboardEvent) => {
    if (!sendsMessage(event)) return
    event.preventDefault()
    void send()
  }
  return (
    <div className="px-6 pb-4">
      <div className="mx-auto max-w-column rounded-large border border-line bg-raised pt-3 pr-2.5 pb-2.5 pl-4 shadow-card transition-colors focus-within:border-line-strong">
        {blind && (pictures.length > 0 || earlierPictures) ? (
          <div className="mb-2.5">
            <CannotSee
              model={model.name}
              where={pictures.length > 0 ? 'question' : 'earlier'}
              onUse={name => attempt(() => pickModel(conversationId, name))}
            />
          </div>
        ) : null}
        <RefusedPictures
          refusals={refusals}
          onDismiss={() => {
            forgetRefusals(conversationId)
            focusComposer()
          }}
        />
        <PictureTiles
          pictures={pictures}
          preparing={preparing}
          onRemove={picture => {
            dropPicture(conversationId, picture)
            focusComposer()
          }}
        />
        <DocumentChips
          documents={documents}
          view={view.size}
          onRemove={document => {
            dropPicture(conversationId, document)
            focusComposer()
          }}
        />
        <TooLong conversationId={conversationId} documents={documents} view={view} />
        <textarea
          id={composerId}
          rows={1}
          maxLength={longest.question}
          value={text}
          onChange={event => changeDraft(conversationId, { text: event.target.value })}
          onKeyDown={press}
          onPaste={event => pastePictures(conversationId, event)}
          aria-label={t('chat.composer')}
          placeholder={t('chat.placeholder')}
          dir="auto"
          className="block field-sizing-content max-h-[12lh] min-h-[1lh] w-full resize-none bg-transparent pr-2 outline-none"
        />
        <div className="mt-2.5 -ml-1.5 flex items-center gap-1.5 max-[30rem]:flex-wrap">
          <AddPictures onFiles={files => void addPictures(conversationId, files)} />
          <AddScreenshot onClick={name => void addScreenshot(conversationId, name)} />
          <ModelPicker conversationId={conversationId} onClose={focusComposer} />
          <ContextMeter />
          <span role="status" className="min-w-0 flex-1 truncate text-right text-tiny text-faint">
            {hint ? t('chat.stillAnswering') : ''}
          </span>
          <SendOrStop answering={answering} ready={ready} onSend={() => void send()} />
        </div>
      </div>
      <p className="mx-auto mt-2.5 min-h-[1lh] max-w-column text-balance text-center text-tiny text-faint">
        <ComposerNote conversationId={conversationId} model={model} />
      </p>
    </div>
  )
}

/** What is to be known of the model that a question would go to. */
function ComposerNote({ conversationId, model }: { conversationId: string | null; model: ModelChoice }) {
  const { t } = useTranslation()
  const none = useModels(state => state.models?.some(({ chats }) => chats) === false)
  const noneWords = useNoneWords()
  const tooLarge = useDoesNotFit(model.installed)
  const answering = useAnswering()
  if (model.missing) return t(none ? noneWords : 'models.missingHint', { model: model.name })
  if (tooLarge) return <DoesNotFit model={model.name} answering={answering} />
  if (conversationId === null) return null
  return model.installed?.demo && !isQuickWindow() ? <DemoNote where="chat" /> : t('chat.note')
}

const roundButton =
  'grid size-8.5 flex-none place-items-center rounded-pill transition-colors bg-ember text-ember-ink hover:bg-ember-hover disabled:bg-sunk disabled:text-faint'

/** Sends; while an answer is being written, stops it: one button, so that who has pressed it stays on it. */
function SendOrStop({ answering, ready, onSend }: { answering: boolean; ready: boolean; onSend: () => void }) {
  const { t } = useTranslation()
  const platform = useAppInfo(info => info.platform)
  const button = useRef<HTMLButtonElement>(null)
  const name = t(answering ? 'chat.stop' : 'chat.send')
  // It cannot be pressed again before something is written.
  useLayoutEffect(() => {
    if (!answering && button.current?.matches(':focus:disabled')) focusComposer()
  }, [answering])
  return (
    <Tooltip text={name} shortcut={answering ? shortcutLabel(stopAction.shortcut ?? '', platform) : 'Enter'} side="top">
      <button
        ref={button}
        type="button"
        aria-label={name}
        disabled={!answering && !ready}
        // Not for what the first click has made of the button.
        onClick={event => isDoubled(event) || (answering ? perform(stopAction, undefined) : onSend())}
        className={roundButton}
      >
        {answering ? <SquareIcon aria-hidden className="size-3 fill-current" /> : <ArrowUpIcon aria-hidden />}
      </button>
    </Tooltip>
  )
}
