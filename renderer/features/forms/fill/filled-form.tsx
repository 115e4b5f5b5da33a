// Not the package's index: that brings a validator along that needs eval.
import Form from '@rjsf/core/lib/components/Form.js'
import type { RJSFSchema } from '@rjsf/utils'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { toInput } from '../../../../forms/answer.ts'
import type { Field, JsonObject } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import { useRows } from '../rows-store.ts'
import { ContestedFields, ContestedHead } from './contested.tsx'
import { drawnKey, fromDrawn, toDrawn } from './drawn-keys.ts'
import { drawnSchema, layoutOf } from './form-layout.ts'
import { LivePlace } from './live-place.ts'
import { templates } from './templates.tsx'
import { useCorrection } from './use-correction.ts'
import { validator } from './validator.ts'
import { JsonField, widgets } from './widgets.tsx'

const fieldKinds = { json: JsonField }
/** Nothing is put into an answer that neither the model nor the person wrote. */
const noDefaults = {
  emptyObjectFields: 'skipDefaults',
  arrayMinItems: { populate: 'never' },
  allOf: 'skipDefaults',
} as const

/** A row as a form: filling itself while the model writes, afterwards for the person to correct. */
export function FilledForm({ fields, row }: { fields: readonly Field[]; row: FormRow }) {
  const { t } = useTranslation()
  const live = useRows(state => (state.live?.rowId === row.id ? state.live : null))
  const drawn = useMemo(() => drawnSchema(fields) as RJSFSchema, [fields])
  const schema = useMemo(() => inputSchema(fields) as RJSFSchema, [fields])
  const layout = useMemo(() => layoutOf(fields), [fields])
  const { shown, edit, missing, contested, decide } = useCorrection(fields, schema, row)
  const running = row.state === 'running' || row.state === 'waiting'
  const written = live?.answer
  const data = useMemo(
    () => toDrawn(running ? toInput(written ?? {}, fields) : shown, fields),
    [running, written, shown, fields],
  )
  const path = live?.path.map(step => (typeof step === 'string' ? drawnKey(step) : step))
  const contest = useMemo(() => (running ? null : { contested, decide }), [running, contested, decide])
  return (
    <LivePlace value={running ? (path ?? []) : null}>
      {contest ? <ContestedHead contested={contested} /> : null}
      <ContestedFields value={contest}>
        <Form
          tagName="div"
          className="filled-form"
          idPrefix={row.id}
          schema={drawn}
          uiSchema={layout}
          formData={data}
          validator={validator}
          widgets={widgets}
          fields={fieldKinds}
          templates={templates}
          readonly={running}
          liveValidate={running ? false : 'onChange'}
          noHtml5Validate
          showErrorList={false}
          experimental_defaultFormStateBehavior={noDefaults}
          onChange={({ formData }, ...field) => {
            // With no second argument it is no person's change, and may be what stood there before the answer came. A
            // list that grows or shrinks passes undefined.
            if (field.length === 0 || running) return
            // What is taken back is a member without a value, which no JSON has.
            const text = JSON.stringify(formData ?? {})
            if (text !== JSON.stringify(data)) edit(fromDrawn(JSON.parse(text) as JsonObject, fields))
          }}
        >
          {/* Without this there would be a button to submit. */}
          <span hidden />
        </Form>
      </ContestedFields>
      {missing ? (
        <p role="status" className="pt-3 text-small text-amber">
          {t(missing === 'unwritten' ? 'forms.notWrittenYet' : 'forms.notSavedYet')}
        </p>
      ) : null}
    </LivePlace>
  )
}
