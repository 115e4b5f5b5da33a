import { FileTextIcon, MessageSquareIcon, PaperclipIcon, XIcon } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormSource } from '../../../../preload/contract.ts'
import { mostSourceText } from '../../../../preload/contract-limits.ts'
import { useConversations } from '../../../state/conversations.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ChatPicker } from './chat-picker.tsx'
import { addFiles, addSource, changeSources, listed, type TakenSource, useSources } from './sources-store.ts'

/** Files whose names are shown, unless all are asked for. */
const mostShown = 12
/** Lines about files; of more, how many. */
const mostLines = 5

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

function Files({ formId }: { formId: string }) {
  const { t } = useTranslation()
  const { files, reading } = useSources(formId)
  const [all, setAll] = useState(false)
  if (files.length === 0 && reading === 0) return null
  const remove = (gone: TakenSource) => changeSources(formId, { files: files.filter(file => file !== gone) })
  return (
    <div className="pt-1">
      <ul aria-label={t('forms.files')} className={`flex flex-wrap gap-1.5 ${all ? 'max-h-60 overflow-y-auto' : ''}`}>
        {(all ? files : files.slice(0, mostShown)).map(file => (
          <li
            key={file.id}
            className="flex h-7 max-w-60 items-center gap-1.5 rounded-small border border-line bg-sunk pl-2 text-small"
          >
            {file.source.kind === 'picture' ? (
              <img
                src={`/attachments/${file.source.pictures[0]?.hash}`}
                alt=""
                className="size-5 rounded-small object-cover"
              />
            ) : file.source.kind === 'chat' ? (
              <MessageSquareIcon aria-hidden className="size-3.5 text-faint" />
            ) : (
              <FileTextIcon aria-hidden className="size-3.5 text-faint" />
            )}
            <ListedSource source={file.source} onRemove={() => remove(file)} />
          </li>
        ))}
      </ul>
      {files.length > mostShown ? (
        <Button look="quiet" aria-expanded={all} className="mt-1.5 -ml-2" onClick={() => setAll(!all)}>
          {all ? t('forms.showFewerFiles') : t('forms.showAllFiles', { count: files.length })}
        </Button>
      ) : null}
      <p role="status" className="pt-1.5 text-tiny text-faint empty:hidden">
        {reading > 0 ? t('forms.reading', { count: reading }) : ''}
      </p>
      <Remarks files={files} />
    </div>
  )
}

/** What was left out of files, or is read otherwise than a person may think. */
function Remarks({ files }: { files: readonly TakenSource[] }) {
  const { t } = useTranslation()
  const said = files.flatMap(({ id, source, remarks }) =>
    remarks.map(({ text, values }) => ({ id: `${id} ${text}`, line: t(text, { ...values, name: nameOf(source) }) })),
  )
  if (said.length === 0) return null
  return (
    <ul role="status" className="grid gap-0.5 pt-2 text-small text-soft">
      {said.slice(0, mostLines).map(({ id, line }) => (
        <li key={id} dir="auto" className="break-words">
          {line}
        </li>
      ))}
      {said.length > mostLines ? <li>{t('forms.moreRemarks', { count: said.length - mostLines })}</li> : null}
    </ul>
  )
}

/** Gives the text the focus that would go with a button. */
const focusText = (gone: Element): void => gone.closest('section')?.querySelector('textarea')?.focus()

/** Empty for a chat, whose title may still change. */
const nameOf = (source: FormSource): string => (source.kind === 'chat' ? '' : source.name)

/** Its name, and the button that takes it off the list. */
function ListedSource({ source, onRemove }: { source: FormSource; onRemove: () => void }) {
  const { t } = useTranslation()
  const title = useConversations(({ conversations }) =>
    source.kind === 'chat' ? conversations?.find(({ id }) => id === source.conversationId)?.title : undefined,
  )
  const name = (source.kind === 'chat' ? title || t('history.untitled') : source.name) || t('forms.untitledSource')
  return (
    <>
      <span dir="auto" className="min-w-0 truncate">
        {name}
      </span>
      <button
        type="button"
        aria-label={t('forms.removeFile', { name })}
        onClick={({ currentTarget }) => {
          focusText(currentTarget)
          onRemove()
        }}
        className="grid size-7 flex-none place-items-center rounded-small text-faint transition-colors hover:text-ink"
      >
        <XIcon aria-hidden className="size-3.5" />
      </button>
    </>
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

function Refused({ formId }: { formId: string }) {
  const { t } = useTranslation()
  const { refused } = useSources(formId)
  if (refused.length === 0) return null
  return (
    <div className="flex items-start gap-2 pt-2 text-small text-rose">
      <ul role="alert" className="min-w-0 flex-1">
        {refused.slice(0, mostLines).map(({ name, reason }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
          <li key={index} dir="auto" className="break-words">
            {t('forms.refused', { name, reason: t(reason) })}
          </li>
        ))}
        {refused.length > mostLines ? <li>{t('forms.refusedMore', { count: refused.length - mostLines })}</li> : null}
      </ul>
      <IconButton
        icon={XIcon}
        label={t('app.dismiss')}
        onClick={({ currentTarget }) => {
          focusText(currentTarget)
          changeSources(formId, { refused: [] })
        }}
      />
    </div>
  )
}
