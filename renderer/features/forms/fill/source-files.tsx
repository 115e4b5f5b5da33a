import { FileTextIcon, MessageSquareIcon, TriangleAlertIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomContainerComponentProps, Virtualizer } from 'virtua'
import type { FileSource } from '../../../../preload/contract.ts'
import { useConversations } from '../../../state/conversations.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { changeSources, type TakenSource, useSources } from './sources-store.ts'

/** Files whose names are shown, unless all are asked for. */
const mostShown = 12
/** Lines about files; of more, how many. */
const mostLines = 5

/** What was taken in; of many the first, unless all are asked for. */
export function Files({ formId }: { formId: string }) {
  const { t } = useTranslation()
  const { files, reading } = useSources(formId)
  const [all, setAll] = useState(false)
  if (files.length === 0 && reading === 0) return null
  const remove = (gone: TakenSource) => changeSources(formId, { files: files.filter(file => file !== gone) })
  return (
    <div className="pt-1">
      {all && files.length > mostShown ? (
        <div className="max-h-60 overflow-y-auto">
          {/* One a line, made when they come into sight: of thousands, most never do. */}
          <Virtualizer as={AllFiles} item="li" data={files}>
            {file => (
              <div key={file.id} className="pb-1.5">
                <ListedSource source={file.source} onRemove={() => remove(file)} />
              </div>
            )}
          </Virtualizer>
        </div>
      ) : (
        <ul aria-label={t('forms.files')} className="flex flex-wrap gap-1.5">
          {files.slice(0, mostShown).map(file => (
            <li key={file.id} className="max-w-60">
              <ListedSource source={file.source} onRemove={() => remove(file)} />
            </li>
          ))}
        </ul>
      )}
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

/** The list of all, as it is drawn around those in sight. */
function AllFiles(props: CustomContainerComponentProps) {
  const { t } = useTranslation()
  return <ul aria-label={t('forms.files')} {...props} />
}

/** What was left out of files, or is read otherwise than a person may think. */
function Remarks({ files }: { files: readonly TakenSource[] }) {
  const { t } = useTranslation()
  const said = files.flatMap(({ id, source, remarks }) =>
    remarks.map(({ text, values }) => ({ id: `${id} ${text}`, line: t(text, { ...values, name: nameOf(source) }) })),
  )
  if (said.length === 0) return null
  return (
    <ul role="status" className="grid grid-cols-1 gap-0.5 pt-2 text-small text-soft">
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
const nameOf = (source: FileSource): string => (source.kind === 'chat' ? '' : source.name)

/** A picture or sign of what it is, its name, and the button that takes it off the list. */
function ListedSource({ source, onRemove }: { source: FileSource; onRemove: () => void }) {
  const { t } = useTranslation()
  const title = useConversations(({ conversations }) =>
    source.kind === 'chat' ? conversations?.find(({ id }) => id === source.conversationId)?.title : undefined,
  )
  const name = (source.kind === 'chat' ? title || t('history.untitled') : source.name) || t('forms.untitledSource')
  return (
    <div className="flex h-7 items-center gap-1.5 rounded-small border border-line bg-sunk pl-2 text-small">
      {source.kind === 'picture' ? (
        <img src={`/attachments/${source.pictures[0]?.hash}`} alt="" className="size-5 rounded-small object-cover" />
      ) : source.kind === 'chat' ? (
        <MessageSquareIcon aria-hidden className="size-3.5 text-faint" />
      ) : (
        <FileTextIcon aria-hidden className="size-3.5 text-faint" />
      )}
      <span dir="auto" className="min-w-0 flex-1 truncate">
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
    </div>
  )
}

/** What was not taken, and why. */
export function Refused({ formId }: { formId: string }) {
  const { t } = useTranslation()
  const { refused } = useSources(formId)
  if (refused.length === 0) return null
  return (
    <div className="flex items-start gap-2 pt-2 text-small text-rose">
      <TriangleAlertIcon aria-hidden className="my-2" />
      <ul role="alert" className="min-w-0 flex-1 py-1.5">
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
