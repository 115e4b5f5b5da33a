import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiCall, type CallKind, callKinds } from '../../../forms/api-call.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { Choice } from '../../ui/choice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ScrollBox } from '../../ui/scroll-box.tsx'
import { tidied } from './builder/field-changes.ts'
import { sourcesOf } from './fill/sources-store.ts'
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

/** The call to the API that fills this form, to be copied. */
export function ApiCallDialog({ formId, draft, model, onClose, returnTo }: Props) {
  const { t } = useTranslation()
  const address = useAppInfo(info => info.apiAddress)
  const [kind, setKind] = useState<CallKind>('curl')
  const { text } = sourcesOf(formId)
  const call = apiCall(kind, {
    ...{ fields: tidied(draft.fields), instructions: draft.instructions, model, kind: 'text' },
    text: text.trim() !== '' && text.length <= mostText ? text : t('forms.apiCallText'),
    address: address ?? usualAddress,
  })
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
    </Dialog>
  )
}
