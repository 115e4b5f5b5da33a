import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Field } from '../../../forms/field.ts'
import { PartialJson } from '../../../forms/partial-json.ts'
import type { FormRow } from '../../../preload/contract.ts'
import { startHearth, type TestHearth } from '../hearth.ts'

let started: TestHearth
beforeAll(async () => {
  started = await startHearth()
})
afterAll(() => started.end())

const text = (key: string): Field => ({ key, required: true, shape: { kind: 'text' } })
const whole = (key: string): Field => ({ key, required: true, shape: { kind: 'number', whole: true } })
const person = [text('pet'), text('name'), whole('age')]
const percival = 'Percival has a hamster and is 38 years old.'

/** What a window has of the rows of a form. */
function watched(formId: string) {
  const rows = new Map<string, FormRow>()
  const written: string[] = []
  const stop = started.hearth.forms.watchRows(formId, event => {
    if (event.type === 'all') rows.clear()
    if (event.type === 'all' || event.type === 'more') for (const row of event.rows) rows.set(row.id, row)
    if (event.type === 'row') rows.set(event.row.id, event.row)
    if (event.type === 'delta') {
      const row = rows.get(event.rowId)
      if (row) rows.set(row.id, { ...row, written: row.written + event.text })
      written.push(event.text)
    }
    if (event.type === 'removed') for (const id of event.rowIds) rows.delete(id)
  })
  return { rows, written, stop, states: () => [...rows.values()].map(({ state }) => state) }
}

async function form(fields: readonly Field[], name = 'People') {
  const { formId } = await started.hearth.forms.create({ name, instructions: '', fields: [...fields] })
  return { formId, ...watched(formId) }
}

const run = (formId: string, texts: readonly string[], model = 'hearth-demo', first = false) =>
  started.hearth.forms.run({
    ...{ formId, model, first },
    sources: texts.map((text, index) => ({ kind: 'text' as const, name: `letter ${index + 1}`, text })),
  })

test('a text fills a form: pet, name and age are right, and were seen while they were written', async () => {
  const { formId, rows, written } = await form(person)
  const { rowIds } = await run(formId, [percival])
  await expect.poll(() => rows.get(rowIds[0] ?? '')?.state, { timeout: 30_000 }).toBe('done')
  expect(rows.get(rowIds[0] ?? '')?.answer).toEqual({ pet: 'hamster', name: 'Percival', age: 38 })
  const reader = new PartialJson()
  for (const piece of written) reader.push(piece)
  expect(written.length).toBeGreaterThan(2)
})
