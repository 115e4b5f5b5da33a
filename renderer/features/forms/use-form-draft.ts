import { useCallback, useEffect, useRef, useState } from 'react'
import type { Field } from '../../../forms/field.ts'
import type { Form } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { areSound, tidied } from './builder/field-changes.ts'

/** Milliseconds of rest after which a change is saved. */
const pause = 400

export interface FormDraft {
  readonly name: string
  readonly instructions: string
  readonly fields: readonly Field[]
}

export interface DraftForm {
  readonly draft: FormDraft
  /** All fields can be asked for. What cannot is kept here, and not saved. */
  readonly sound: boolean
  readonly change: (change: (draft: FormDraft) => FormDraft) => void
  /** Saves now what is not saved. */
  readonly save: () => Promise<void>
}

/**
 * A form as it stands on the page, ahead of what main has: every change is saved when the person rests, and at the
 * latest when they leave.
 */
export function useFormDraft(form: Form): DraftForm {
  const [draft, setDraft] = useState<FormDraft>(form)
  const unsaved = useRef<FormDraft | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const { id } = form
  const save = useCallback(async () => {
    clearTimeout(timer.current)
    const { current } = unsaved
    if (!current) return
    unsaved.current = null
    const { name, instructions, fields } = current
    // A field without a name cannot be asked for yet; the rest of the form is kept all the same.
    const sound = areSound(fields) ? { fields: tidied(fields) } : {}
    await call('forms.change', { formId: id, name: name.trim(), instructions, ...sound })
  }, [id])
  const change = useCallback(
    (make: (draft: FormDraft) => FormDraft) => {
      setDraft(before => {
        unsaved.current = make(unsaved.current ?? before)
        return unsaved.current
      })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => attempt(save), pause)
    },
    [save],
  )
  useEffect(() => () => attempt(save), [save])
  return { draft, sound: draft.fields.length > 0 && areSound(draft.fields), change, save }
}
