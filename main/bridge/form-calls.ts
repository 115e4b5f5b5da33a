import type { CallName } from '../../preload/contract.ts'
import type { Forms } from '../forms/forms.ts'
import type { CallHandlers } from './call-handlers.ts'

type FormCallName = Extract<CallName, `forms.${string}`>

/** Form Studio's calls, each handed to the forms. Inputs come checked. */
export function formCallHandlers(forms: Forms): Pick<CallHandlers, FormCallName> {
  return {
    'forms.create': input => forms.create(input),
    'forms.change': input => forms.change(input),
    'forms.delete': ({ formId }) => forms.delete(formId),
    'forms.restore': ({ formId }) => forms.restore(formId),
    'forms.trash': () => forms.trash(),
    'forms.removeForGood': gone => forms.removeForGood(gone),
    'forms.addPicture': input => forms.addPicture(input),
    'forms.addText': input => forms.addText(input),
    'forms.keepSources': input => forms.keepSources(input),
    'forms.run': input => forms.run(input),
    'forms.runAgain': input => forms.runAgain(input),
    'forms.putBack': input => forms.putBack(input),
    'forms.pause': ({ formId }) => forms.pause(formId),
    'forms.resume': ({ formId }) => forms.resume(formId),
    'forms.deleteRows': input => forms.deleteRows(input),
    'forms.restoreRows': input => forms.restoreRows(input),
    'forms.correct': input => forms.correct(input),
    'forms.source': ({ rowId }) => forms.source(rowId),
  }
}
