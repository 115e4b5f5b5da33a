import type { RJSFSchema } from '@rjsf/utils'
import { useCallback, useEffect, useRef, useState } from 'react'
import { toAnswer, toInput } from '../../../../forms/answer.ts'
import type { Field, JsonObject } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import { call } from '../../../state/bridge.ts'
import { attempt } from '../../../state/perform.ts'
import { isSound } from './validator.ts'

/** Milliseconds of rest after which a correction is saved. */
const pause = 500

/** Corrections of which a part does not fit, by their row: there again when the row is opened again. */
const unfitting = new Map<string, JsonObject>()

/** What the person makes of an answer: what fits of it is saved when they rest, at the latest when they leave. */
export function useCorrection(fields: readonly Field[], schema: RJSFSchema, row: FormRow) {
  const { id: rowId, answer: before } = row
  const [edited, setEdited] = useState<JsonObject | null>(() => unfitting.get(rowId) ?? null)
  const waiting = useRef<JsonObject | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sound = edited === null || isSound(schema, edited)
  const latest = useRef({ fields, before })
  latest.current = { fields, before }
  const save = useCallback(async () => {
    clearTimeout(timer.current)
    const { current } = waiting
    if (!current) return
    waiting.current = null
    const { fields, before } = latest.current
    await call('forms.correct', { rowId, answer: toAnswer(current, fields, before) })
  }, [rowId])
  useEffect(() => () => attempt(save), [save])
  // The model's next answer takes the place of what was corrected: from now on, as the row may be closed when it comes.
  useEffect(() => {
    if (row.state !== 'waiting' && row.state !== 'running') return
    unfitting.delete(rowId)
    setEdited(null)
  }, [row.state, rowId])
  const edit = (next: JsonObject) => {
    setEdited(next)
    clearTimeout(timer.current)
    if (isSound(schema, next)) {
      unfitting.delete(rowId)
      waiting.current = next
    } else {
      unfitting.set(rowId, next)
      waiting.current = fitting(fields, next, toInput(before ?? {}))
    }
    timer.current = setTimeout(() => attempt(save), pause)
  }
  return { edited, edit, unsaved: !sound }
}

/** A correction with what was there before in the fields that do not fit; null where nothing else was changed. */
function fitting(fields: readonly Field[], edited: JsonObject, before: JsonObject): JsonObject | null {
  const parts = fields.map(field => {
    const [now, old] = [edited, before].map(answer => pick(answer, field.key)) as [JsonObject, JsonObject]
    const fits = isSound(inputSchema([field]) as RJSFSchema, now)
    return { kept: fits ? now : old, changed: fits && JSON.stringify(now) !== JSON.stringify(old) }
  })
  if (!parts.some(({ changed }) => changed)) return null
  return Object.assign({}, ...parts.map(({ kept }) => kept)) as JsonObject
}

const pick = (answer: JsonObject, key: string): JsonObject =>
  Object.hasOwn(answer, key) ? { [key]: answer[key] as JsonObject[string] } : {}
