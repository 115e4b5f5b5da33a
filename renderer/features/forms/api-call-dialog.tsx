import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiCall, type CallKind, callKinds } from '../../../forms/api-call.ts'
import type { TextKey } from '../../i18n/texts.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { Choice } from '../../ui/choice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ScrollBox } from '../../ui/scroll-box.tsx'
import { tidied } from './builder/field-changes.ts'
import { listed, sourcesOf } from './fill/sources-store.ts'
import type { FormDraft } from './use-form-draft.ts'

/** Characters of a text that stand in the call; for more, a word stands there. */
const mostText = 2_000
/** Where it would listen. */
const usualAddress = 'http://127.0.0.1:11434'

interface Props {
  formId: string
  draft: FormDraft
  model: string
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** What a document says; null without one, and until it is there. */
function useDocument(hash: string | null): string | null {
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    if (hash === null) return
    const gone = new AbortController()
    fetch(`/attachments/${hash}`, { signal: gone.signal })
      .then(response => (response.ok ? response.text() : null))
      .then(setText)
      // Without it the call has a word in its place.
      .catch(() => undefined)
    return () => gone.abort()
  }, [hash])
  return text
}

/** The call to the API that fills this form, to be copied. */
export function ApiCallDialog({ formId, draft, model, onClose, returnTo }: Props) {
  const { t } = useTranslation()
  const address = useAppInfo(info => info.apiAddress)
  const [kind, setKind] = useState<CallKind>('curl')
  // The first that would be read.
  const [source] = listed(sourcesOf(formId))
  const said = useDocument(source?.kind === 'document' ? source.hash : null)
  const typed = source?.kind === 'text' ? source.text : said
  const text = source?.kind === 'picture' ? '' : (typed ?? t('forms.apiCallText'))
  const pictures = source?.kind === 'picture' ? source.pictures : []
  const call = apiCall(kind, {
    fields: tidied(draft.fields),
    instructions: draft.instructions,
    model,
    text,
    kind: source === undefined || source.kind === 'document' ? 'text' : source.kind,
    shownText: text.length > mostText ? t('forms.apiCallText') : undefined,
    pictures: pictures.map(({ name }) => t('forms.apiCallPicture', { name })),
    address: address ?? usualAddress,
  })
  const note: TextKey | null = kind === 'openai' ? 'forms.apiCallOpenAi' : typed === null ? 'forms.apiCallLonger' : null
  return (
    <Dialog wide title={t('forms.apiCall')} onClose={onClose} returnTo={returnTo}>
      <p className="pb-3 text-row text-soft">{t(address ? 'forms.apiCallHint' : 'forms.apiCallOff')}</p>
      <div className="flex items-center gap-2 pb-2">
        <Choice
          label={t('forms.apiCallKind')}
          value={kind}
          choices={callKinds.map(value => ({ value, label: value }))}
          onChange={setKind}
        />
        <span className="flex-1" />
        <CopyButton text={call} label={t('app.copy')} />
      </div>
      <ScrollBox label={t('forms.apiCall')} className="max-h-96 overflow-y-auto rounded-box bg-sunk p-3">
        <pre className="font-mono text-tiny text-soft">{call}</pre>
      </ScrollBox>
      {note ? <p className="pt-2 text-small text-soft">{t(note)}</p> : null}
    </Dialog>
  )
}
