import { useCallback, useEffect, useRef, useState } from 'react'
import type { Field } from '../../../forms/field.ts'
import type { Form, ProblemInfo } from '../../../preload/contract.ts'
import { call, problemFrom } from '../../state/bridge.ts'
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
  /** Why the last change could not be saved. */
  readonly problem: ProblemInfo | null
  readonly change: (change: (draft: FormDraft) => FormDraft) => void
  /** Changes the form if it can be saved so. @throws CallProblem, and leaves it as it was */
  readonly tryChange: (change: (draft: FormDraft) => FormDraft) => Promise<void>
  /** Saves now what is not saved. @throws CallProblem */
  readonly save: () => Promise<void>
}

/**
 * A form as it stands on the page, ahead of what main has: every change is saved when the person rests, and at the
 * latest when they leave.
 */
export function useFormDraft(form: Form): DraftForm {
  const [draft, setDraft] = useState<FormDraft>(form)
  const [problem, setProblem] = useState<ProblemInfo | null>(null)
  const latest = useRef<FormDraft>(draft)
  const unsaved = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const writing = useRef(Promise.resolve())
  const { id } = form

  const save = useCallback(() => {
    clearTimeout(timer.current)
    // Also what is being saved at this moment is waited for: a run that overtook it would ask for the fields of before.
    writing.current = writing.current
      .catch(() => undefined)
      .then(async () => {
        if (!unsaved.current) return
        unsaved.current = false
        try {
          await write(id, latest.current)
          setProblem(null)
        } catch (error) {
          unsaved.current = true
          setProblem(problemFrom(error))
          throw error
        }
      })
    return writing.current
  }, [id])

  const put = useCallback((next: FormDraft) => {
    latest.current = next
    setDraft(next)
  }, [])

  const change = useCallback(
    (make: (draft: FormDraft) => FormDraft) => {
      unsaved.current = true
      put(make(latest.current))
      clearTimeout(timer.current)
      // What goes wrong stands above the fields.
      timer.current = setTimeout(() => void save().catch(() => undefined), pause)
    },
    [put, save],
  )

  const tryChange = useCallback(
    async (make: (draft: FormDraft) => FormDraft) => {
      await save()
      const next = make(latest.current)
      await write(id, next)
      put(next)
    },
    [id, put, save],
  )

  useEffect(() => () => void save().catch(() => undefined), [save])
  const sound = draft.fields.length > 0 && areSound(draft.fields)
  return { draft, sound, problem, change, tryChange, save }
}

async function write(formId: string, { name, instructions, fields }: FormDraft): Promise<void> {
  // A field without a name cannot be asked for yet; the rest of the form is kept all the same.
  const sound = areSound(fields) ? { fields: tidied(fields) } : {}
  await call('forms.change', { formId, name: name.trim(), instructions, ...sound })
}
