import type { StreamInput } from '../../../../preload/contract.ts'
import type { TextKey } from '../../../i18n/texts.ts'

type Format = StreamInput<'forms.export'>['format']

/** What the rows of a form can be exported as. */
export const formats: readonly { readonly format: Format; readonly name: TextKey }[] = [
  { format: 'csv', name: 'forms.asCsv' },
  { format: 'xlsx', name: 'forms.asXlsx' },
  { format: 'json', name: 'forms.asJson' },
]
