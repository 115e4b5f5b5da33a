import type { RJSFSchema } from '@rjsf/utils'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { toAnswer, toInput } from '../../../../forms/answer.ts'
import { valueAt } from '../../../../forms/columns.ts'
import type { Field, JsonObject } from '../../../../forms/field.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import { call } from '../../../state/bridge.ts'
import { attempt } from '../../../state/perform.ts'
import { showToast } from '../../../state/toasts.ts'
import { putBack } from '../form-actions.ts'
import { forgetCorrections, keepUnsaved, openCorrections, unsavedOf, useUnsaved } from './corrections.ts'
import { afterWrite, changed, merged, toWrite, withThose } from './merged.ts'
import { isSound } from './validator.ts'

/** Milliseconds of rest after which a correction is saved. */
const pause = 500

/** An answer as main has it. */
type Known = Pick<FormRow, 'revision' | 'answer'>

export interface Correction {
  /** The answer as the form shows it: main's, with what the person has changed of it. */
  readonly shown: JsonObject
  readonly edit: (next: JsonObject) => void
  /** Why main does not have it all: a part does not fit, or it could not be written. */
  readonly missing: 'unfitting' | 'unwritten' | null
  /** What else main does not have: fields that somebody else has changed as well, and what they are by now. */
  readonly contested: readonly { readonly field: Field; readonly theirs: JsonObject[string] | undefined }[]
  /** Decides one of them: the person's value stands, or the other. */
  readonly decide: (field: Field, whose: 'mine' | 'theirs') => void
}

/**
 * What the person makes of an answer: what fits of it is saved when they rest, at the latest when they leave. What
 * could not be written is tried again with the next change, when they leave, and when the row is opened again. What
 * others make of the row meanwhile is taken over in the fields that are not changed here; where both have changed one,
 * theirs stays written, and it is for the person to say which is right.
 */
export function useCorrection(fields: readonly Field[], schema: RJSFSchema, row: FormRow): Correction {
  const { id: rowId, formId } = row
  const own = useUnsaved(rowId)
  const busy = row.state === 'waiting' || row.state === 'running'
  // What was written from here is known before main tells of it.
  const [written, setWritten] = useState<Known>(row)
  const [told, setTold] = useState(row.revision)
  if (told !== row.revision) {
    setTold(row.revision)
    // Main never tells of an older one, unless the person has gone back to a backup: then it is what there is.
    if (row.revision < told) setWritten(row)
  }
  const known = written.revision > row.revision ? written : row
  const now = known.answer
  const { shown, contested } = useMemo(
    () => (own ? merged(fields, own, now) : { shown: toInput(now ?? {}, fields), contested: [] }),
    [fields, own, now],
  )
  const newest = useRef(known)
  if (known.revision >= newest.current.revision) newest.current = known
  const latest = useRef({ fields, shown, busy })
  latest.current = { fields, shown, busy }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const writing = useRef(Promise.resolve())

  const write = useCallback(async () => {
    for (;;) {
      const { fields } = latest.current
      const { revision, answer } = newest.current
      const own = unsavedOf(rowId)
      const wanted = own && toWrite(fields, own, answer)
      if (!own || !wanted) return
      const stands = await call('forms.correct', { rowId, revision, answer: toAnswer(wanted, fields, answer) })
      newest.current = stands
      setWritten(stands)
      // Somebody was quicker: what they have made of it is known now.
      if (!stands.written) continue
      const after = unsavedOf(rowId)
      if (after) keepUnsaved(rowId, afterWrite(fields, { sent: own, seen: answer }, after, stands.answer))
      return
    }
  }, [rowId])

  const save = useCallback(() => {
    clearTimeout(timer.current)
    // One after the other: an older one that fails late must not stand for a newer one that was written.
    writing.current = writing.current
      .catch(() => undefined)
      .then(async () => {
        try {
          await write()
        } catch (error) {
          const left = unsavedOf(rowId)
          if (left) keepUnsaved(rowId, { ...left, unwritten: true })
          throw error
        }
        const left = unsavedOf(rowId)
        const nothing = left && merged(latest.current.fields, left, newest.current.answer).mine.length === 0
        if (nothing) forgetCorrections([{ id: rowId }])
      })
    return writing.current
  }, [rowId, write])

  const edit = useCallback(
    (next: JsonObject) => {
      const { fields, shown } = latest.current
      keepUnsaved(rowId, changed(fields, unsavedOf(rowId), newest.current.answer, shown, next))
      clearTimeout(timer.current)
      timer.current = setTimeout(() => attempt(save), pause)
    },
    [rowId, save],
  )

  const decide = useCallback(
    (field: Field, whose: 'mine' | 'theirs') => {
      const own = unsavedOf(rowId)
      if (!own) return
      const { fields } = latest.current
      const theirs = newest.current.answer ?? {}
      const edited = whose === 'mine' ? own.edited : withThose(own.edited, toInput(theirs, fields), [field])
      keepUnsaved(rowId, { edited, of: withThose(own.of ?? {}, theirs, [field]) })
      attempt(save)
    },
    [rowId, save],
  )

  useEffect(() => {
    openCorrections.set(rowId, save)
    return () => {
      if (openCorrections.get(rowId) === save) openCorrections.delete(rowId)
      attempt(save)
    }
  }, [rowId, save])
  // What was left here is taken up when the row is opened; the model's next answer takes the place of what was
  // corrected: from now on, as the row may be closed when it comes. Where another window has asked for it, what was
  // typed here meanwhile is kept as the answer before.
  useEffect(() => {
    const left = unsavedOf(rowId)
    if (!left) return
    if (!busy) return attempt(save)
    const forget = () => forgetCorrections([{ id: rowId }])
    if (!toWrite(latest.current.fields, left, newest.current.answer)) return forget()
    attempt(async () => {
      await save()
      if (!latest.current.busy) return
      forget()
      const back = { label: 'forms.putBack', perform: () => attempt(() => putBack(formId, [{ id: rowId }])) } as const
      showToast({ text: 'forms.correctionKept', action: back })
    })
  }, [busy, formId, rowId, save])
  const sound = useMemo(() => own === undefined || isSound(schema, shown), [own, schema, shown])
  return {
    shown,
    edit,
    missing: own?.unwritten ? 'unwritten' : sound ? null : 'unfitting',
    contested: contested.map(field => ({ field, theirs: valueAt(now, [field.key]) })),
    decide,
  }
}
