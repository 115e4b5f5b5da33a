import type { RJSFSchema } from '@rjsf/utils'
import { useCallback, useEffect, useRef, useState } from 'react'
import { toAnswer, toInput } from '../../../../forms/answer.ts'
import type { Field, JsonObject } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import { call } from '../../../state/bridge.ts'
import { attempt } from '../../../state/perform.ts'
import { showToast } from '../../../state/toasts.ts'
import { putBack } from '../form-actions.ts'
import { sameJson } from '../same-json.ts'
import { type OpenCorrection, openCorrections, type UnsavedCorrection, unsaved } from './corrections.ts'
import { isSound } from './validator.ts'

/** Milliseconds of rest after which a correction is saved. */
const pause = 500

export interface Correction {
  /** The answer as the person has it, ahead of main; null while it is main's. */
  readonly edited: JsonObject | null
  readonly edit: (next: JsonObject) => void
  /** Why main does not have it all: a part does not fit, or it could not be written. */
  readonly missing: 'unfitting' | 'unwritten' | null
}

/**
 * What the person makes of an answer: what fits of it is saved when they rest, at the latest when they leave. What
 * could not be written is tried again with the next change, when they leave, and when the row is opened again; by then
 * the row may have another answer, and it is for the person to say whether theirs goes into it.
 */
export function useCorrection(fields: readonly Field[], schema: RJSFSchema, row: FormRow): Correction {
  const { id: rowId, formId, answer: before } = row
  const [edited, setEdited] = useState<JsonObject | null>(() => {
    const left = unsaved.get(rowId)
    return left && sameJson(left.of, before) ? left.edited : null
  })
  const [unwritten, setUnwritten] = useState(false)
  const waiting = useRef<JsonObject | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const writing = useRef(Promise.resolve())
  const sound = edited === null || isSound(schema, edited)
  const latest = useRef({ fields, before, sound })
  latest.current = { fields, before, sound }
  const busy = row.state === 'waiting' || row.state === 'running'

  const save = useCallback(() => {
    clearTimeout(timer.current)
    // One after the other: an older one that fails late must not stand for a newer one that was written.
    writing.current = writing.current
      .catch(() => undefined)
      .then(async () => {
        const { current } = waiting
        if (!current) return
        waiting.current = null
        const { fields, before } = latest.current
        const answer = toAnswer(current, fields, before)
        try {
          await call('forms.correct', { rowId, answer })
        } catch (error) {
          waiting.current ??= current
          setUnwritten(true)
          throw error
        }
        setUnwritten(false)
        const left = unsaved.get(rowId)
        if (left) unsaved.set(rowId, { ...left, of: answer })
        if (waiting.current === null && latest.current.sound) unsaved.delete(rowId)
      })
    return writing.current
  }, [rowId])

  const whatFits = useCallback(
    (next: JsonObject) => {
      const { fields, before } = latest.current
      return isSound(schema, next) ? next : fitting(fields, next, toInput(before ?? {}, fields))
    },
    [schema],
  )

  const edit = useCallback(
    (next: JsonObject) => {
      setEdited(next)
      clearTimeout(timer.current)
      unsaved.set(rowId, { edited: next, of: unsaved.get(rowId)?.of ?? latest.current.before })
      waiting.current = whatFits(next)
      latest.current = { ...latest.current, sound: waiting.current === next }
      timer.current = setTimeout(() => attempt(save), pause)
    },
    [rowId, save, whatFits],
  )

  useEffect(() => {
    const forget = () => {
      clearTimeout(timer.current)
      waiting.current = null
      setEdited(null)
      setUnwritten(false)
    }
    const own: OpenCorrection = { edit, save, forget }
    openCorrections.set(rowId, own)
    return () => {
      if (openCorrections.get(rowId) === own) openCorrections.delete(rowId)
      attempt(save)
    }
  }, [rowId, edit, save])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was left here is taken up once, when the row is opened
  useEffect(() => {
    const left = unsaved.get(rowId)
    if (left && !sameJson(left.of, before)) giveWay(rowId, left, before, fields)
    else if (left && !busy) edit(left.edited)
  }, [rowId])
  // The model's next answer takes the place of what was corrected: from now on, as the row may be closed when it comes.
  // Where another window has asked for it, what was typed here meanwhile is kept as the answer before.
  useEffect(() => {
    if (!busy) return
    const left = unsaved.get(rowId)
    if (left) waiting.current ??= whatFits(left.edited)
    setEdited(null)
    setUnwritten(false)
    if (waiting.current === null) unsaved.delete(rowId)
    else {
      attempt(async () => {
        await save()
        unsaved.delete(rowId)
        const back = { label: 'forms.putBack', perform: () => attempt(() => putBack(formId, [{ id: rowId }])) } as const
        showToast({ text: 'forms.correctionKept', action: back })
      })
    }
  }, [busy, formId, rowId, save, whatFits])
  // Once main says the same, it is main's that stands here, with what other windows make of it.
  useEffect(() => {
    if (edited && waiting.current === null && sameJson(edited, toInput(before ?? {}, fields))) setEdited(null)
  }, [edited, before, fields])
  return { edited, edit, missing: unwritten ? 'unwritten' : sound ? null : 'unfitting' }
}

/** Leaves a row the answer it has got since; what the person changed of another one can be put into it. */
function giveWay(rowId: string, left: UnsavedCorrection, answer: JsonObject | null, fields: readonly Field[]): void {
  unsaved.delete(rowId)
  const [now, was] = [answer, left.of].map(of => toInput(of ?? {}, fields)) as [JsonObject, JsonObject]
  const parts = fields.map(({ key }) => {
    const mine = pick(left.edited, key)
    return sameJson(mine, pick(was, key)) ? pick(now, key) : mine
  })
  const edited = Object.assign({}, ...parts) as JsonObject
  const perform = () => {
    const open = openCorrections.get(rowId)
    if (open) open.edit(edited)
    else unsaved.set(rowId, { edited, of: answer })
  }
  showToast({ text: 'forms.correctionLeft', action: { label: 'forms.takeCorrection', perform } })
}

/** A correction with what was there before in the fields that do not fit; null where nothing else was changed. */
function fitting(fields: readonly Field[], edited: JsonObject, before: JsonObject): JsonObject | null {
  const parts = fields.map(field => {
    const [now, old] = [edited, before].map(answer => pick(answer, field.key)) as [JsonObject, JsonObject]
    const fits = isSound(inputSchema([field]) as RJSFSchema, now)
    return { kept: fits ? now : old, changed: fits && !sameJson(now, old) }
  })
  if (!parts.some(({ changed }) => changed)) return null
  return Object.assign({}, ...parts.map(({ kept }) => kept)) as JsonObject
}

const pick = (answer: JsonObject, key: string): JsonObject =>
  Object.hasOwn(answer, key) ? { [key]: answer[key] as JsonObject[string] } : {}
