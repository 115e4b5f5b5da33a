import type { StreamInput } from '../../../../preload/contract.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { call, subscribe } from '../../../state/bridge.ts'
import { attempt } from '../../../state/perform.ts'
import { problemWords } from '../../../state/problem-words.ts'
import { showToast } from '../../../state/toasts.ts'

type Format = StreamInput<'forms.export'>['format']

export const formats: readonly { readonly format: Format; readonly name: TextKey }[] = [
  { format: 'csv', name: 'forms.asCsv' },
  { format: 'xlsx', name: 'forms.asXlsx' },
  { format: 'json', name: 'forms.asJson' },
]

/** Writes the rows of a form into a file the person chooses. */
export function exportForm(formId: string, format: Format): void {
  subscribe('forms.export', { formId, format }, event => {
    if (event.type === 'failed') showToast({ text: problemWords(event.problem).title })
    if (event.type !== 'done') return
    const { path } = event
    const show = () =>
      attempt(async () => {
        await call('app.showInFolder', { path })
      })
    showToast({ text: 'transfer.exported', action: { label: 'transfer.showInFolder', perform: show } })
  })
}
