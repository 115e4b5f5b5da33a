import { useCallback, useEffect, useRef, useState } from 'react'
import type { Field } from '../../../forms/field.ts'
import type { Form, ProblemInfo } from '../../../preload/contract.ts'
import { call, problemFrom } from '../../state/bridge.ts'
import { areSound, tidied } from './builder/field-changes.ts'
import { sameJson } from './same-json.ts'

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
 * latest when they leave. Only what was changed here is written, and what another window changes is taken over where
 * nothing was changed here.
 */
export function useFormDraft(form: Form): DraftForm {
  const [draft, setDraft] = useState<FormDraft>(form)
  const [problem, setProblem] = useState<ProblemInfo | null>(null)
  const latest = useRef<FormDraft>(draft)
  /** As main last told it. */
  const told = useRef(form)
  told.current = form
  /** What main has: what it told, with what was written since. */
  const known = useRef<FormDraft>(form)
  const written = useRef(0)
  const underWay = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const writing = useRef(Promise.resolve())
  const { id } = form

  const put = useCallback((next: FormDraft) => {
    latest.current = next
    setDraft(next)
  }, [])

  const takeOver = useCallback(() => {
    const { current: theirs } = told
    // Told before it had what was written from here: taken for another's change, it would take that back.
    if (underWay.current > 0 || theirs.updatedAt < written.current) return
    const own = changedKeys(latest.current, known.current)
    const others = keys.filter(key => !own.includes(key) && !sameJson(theirs[key], known.current[key]))
    known.current = theirs
    if (others.length > 0) put({ ...latest.current, ...parts(theirs, others) })
  }, [put])

  const write = useCallback(
    async (next: FormDraft) => {
      // A field without a name cannot be asked for yet; the rest of the form is kept all the same.
      const changed = changedKeys(next, known.current).filter(key => key !== 'fields' || areSound(next.fields))
      if (changed.length === 0) return
      const change = parts(asKept(next), changed)
      underWay.current += 1
      try {
        const { updatedAt } = await call('forms.change', { formId: id, ...change })
        known.current = { ...known.current, ...change }
        written.current = updatedAt
      } finally {
        underWay.current -= 1
      }
    },
    [id],
  )

  const save = useCallback(() => {
    clearTimeout(timer.current)
    // Also what is being saved at this moment is waited for: a run that overtook it would ask for the fields of before.
    writing.current = writing.current
      .catch(() => undefined)
      .then(async () => {
        if (changedKeys(latest.current, known.current).length === 0) return
        try {
          await write(latest.current)
          setProblem(null)
        } catch (error) {
          setProblem(problemFrom(error))
          throw error
        } finally {
          takeOver()
        }
      })
    return writing.current
  }, [takeOver, write])

  const change = useCallback(
    (make: (draft: FormDraft) => FormDraft) => {
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
      await write(next)
      put(next)
    },
    [put, save, write],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever main tells the form anew
  useEffect(takeOver, [form, takeOver])
  useEffect(() => () => void save().catch(() => undefined), [save])
  const sound = draft.fields.length > 0 && areSound(draft.fields)
  return { draft, sound, problem, change, tryChange, save }
}

const keys = ['name', 'instructions', 'fields'] as const
type Key = (typeof keys)[number]

const parts = <T extends FormDraft>(draft: T, wanted: readonly Key[]): Partial<Pick<T, Key>> =>
  Object.fromEntries(wanted.map(key => [key, draft[key]])) as Partial<Pick<T, Key>>

/** As main keeps it. */
const asKept = ({ name, instructions, fields }: FormDraft) => ({
  name: name.trim(),
  instructions,
  fields: tidied(fields),
})

/** What main does not have. A space that will be taken off is no change. */
function changedKeys(draft: FormDraft, known: FormDraft): Key[] {
  const changed = keys.filter(key => !sameJson(draft[key], known[key]))
  const kept = asKept(draft)
  return changed.filter(key => (key === 'fields' && !areSound(draft.fields)) || !sameJson(kept[key], known[key]))
}
