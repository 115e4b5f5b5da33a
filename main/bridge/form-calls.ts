import type { CallName } from '../../preload/contract.ts'
import type { Forms } from '../forms/forms.ts'
import type { CallHandlers } from './call-handlers.ts'

type FormCallName = Extract<CallName, `forms.${string}`>

/** Form Studio's calls, each handed to the forms. Inputs come checked. */
export function formCallHandlers(forms: Forms): Pick<CallHandlers, FormCallName> {
  return {
    'forms.create': input => forms.create(input),
    'forms.change': async input => {
      await forms.change(input)
      return {}
    },
    'forms.delete': async ({ formId }) => {
      await forms.delete(formId)
      return {}
    },
    'forms.restore': async ({ formId }) => {
      await forms.restore(formId)
      return {}
    },
    'forms.addPicture': input => forms.addPicture(input),
    'forms.run': input => forms.run(input),
    'forms.runAgain': async input => {
      await forms.runAgain(input)
      return {}
    },
    'forms.pause': async ({ formId }) => {
      await forms.pause(formId)
      return {}
    },
    'forms.resume': async ({ formId }) => {
      await forms.resume(formId)
      return {}
    },
    'forms.deleteRows': async input => {
      await forms.deleteRows(input)
      return {}
    },
    'forms.restoreRows': async input => {
      await forms.restoreRows(input)
      return {}
    },
    'forms.correct': async input => {
      await forms.correct(input)
      return {}
    },
    'forms.source': ({ rowId }) => forms.source(rowId),
  }
}
