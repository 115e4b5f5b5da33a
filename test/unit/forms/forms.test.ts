import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Field } from '../../../forms/field.ts'
import { Forms } from '../../../main/forms/forms.ts'
import { Problem } from '../../../main/problem.ts'
import type { Form, FormRow } from '../../../preload/contract.ts'
import { ScriptedInference } from '../conversations/scripted-inference.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const fields: Field[] = [{ key: 'n', required: true, shape: { kind: 'number', whole: true } }]

/** Forms in a home of their own, with a model that says what the test tells it to. */
async function opened(home = temporaryHome(), now = Date.now) {
  const inference = new ScriptedInference()
  const forms = new Forms({
    ...{ home, inference, now, checkFormat: async () => undefined },
    transcript: async () => ({ title: '', text: '', pictures: [] }),
  })
  onTestFinished(() => forms.close())
  let list: readonly Form[] = []
  let setAside: string | null = null
  forms.watchList(event => {
    if (event.type === 'forms') ({ forms: list, setAside } = event)
  })
  const made = async () => (await forms.create({ name: 'Numbers', instructions: '', fields })).formId
  const rows = (formId: string) => {
    const all: FormRow[] = []
    forms.watchRows(formId, event => {
      if (event.type === 'all') all.push(...event.rows)
    })()
    return all
  }
  const run = (formId: string, count: number, first = false) =>
    forms.run({
      ...{ formId, model: 'tiny', first },
      sources: Array.from({ length: count }, (_, index) => ({ kind: 'text', name: '', text: `row ${index}` })),
    })
  const asked = (count: number) => expect.poll(() => inference.chats.length).toBe(count)
  const answer = (text: string) => {
    inference.last.write(text)
    inference.last.finish()
  }
  return { home, forms, inference, made, rows, run, asked, answer, list: () => list, setAside: () => setAside }
}

test('a paused queue holds still, what ran is broken off and waits, and a single source is run all the same', async () => {
  const { forms, inference, made, rows, run, asked, answer } = await opened()
  const formId = await made()
  await run(formId, 2)
  await asked(1)
  inference.last.write('{"n": ')
  await forms.pause(formId)
  expect(inference.last.aborted).toBe(true)
  expect(rows(formId).map(({ state }) => state)).toEqual(['waiting', 'waiting'])
  await run(formId, 1, true)
  await asked(2)
  answer('{"n": 3}')
  await expect.poll(() => rows(formId).at(-1)?.answer).toEqual({ n: 3 })
  expect(rows(formId).map(({ state }) => state)).toEqual(['waiting', 'waiting', 'done'])
  await forms.resume(formId)
  await asked(3)
})

test('a row run again keeps what it held until there is something new', async () => {
  const { forms, inference, made, rows, run, asked, answer } = await opened()
  const formId = await made()
  const { rowIds } = await run(formId, 1)
  await asked(1)
  answer('{"n": 1}')
  await expect.poll(() => rows(formId)[0]?.state).toBe('done')
  await forms.correct({ rowId: rowIds[0] ?? '', answer: { n: 2 } })
  await forms.runAgain({ formId, model: 'tiny', rowIds })
  await asked(2)
  inference.last.fail(new Problem('out-of-memory', 500, 'too large'))
  await expect.poll(() => rows(formId)[0]?.problem?.code).toBe('out-of-memory')
  expect(rows(formId)[0]).toMatchObject({ state: 'failed', answer: { n: 2 }, corrected: true })
})

// Results are in the order of their ids: those of a wrong clock stood before all others.
test('what is run after the clock was set back and the app started again comes last', async () => {
  const first = await opened()
  const formId = await first.made()
  const before = await first.run(formId, 2)
  await first.forms.close()
  const again = await opened(first.home, () => Date.UTC(2000, 0, 1))
  const ids = [...before.rowIds, ...(await again.run(formId, 2)).rowIds]
  expect(again.rows(formId).map(({ id }) => id)).toEqual(ids)
  expect([...ids].sort()).toEqual(ids)
})

test('an answer without an end fails, with what there is of it', async () => {
  const { made, rows, run, asked, answer } = await opened()
  const formId = await made()
  await run(formId, 1)
  await asked(1)
  answer('{"n": 12')
  await expect.poll(() => rows(formId)[0]?.problem?.code).toBe('answer-cut-off')
  expect(rows(formId)[0]?.answer).toEqual({ n: 12 })
})

test('a deleted form runs nothing, and comes back with its rows and its queue', async () => {
  const { forms, inference, made, rows, run, asked, list } = await opened()
  const formId = await made()
  await run(formId, 2)
  await asked(1)
  await forms.delete(formId)
  expect(inference.last.aborted).toBe(true)
  await expect.poll(list).toEqual([])
  await expect(run(formId, 1)).rejects.toMatchObject({ code: 'not-found' })
  await forms.restore(formId)
  await asked(2)
  expect(rows(formId)).toHaveLength(2)
})

test.each([
  ['two fields of one name', [...fields, ...fields]],
  [
    'fields deeper than a form',
    [1, 2, 3, 4, 5, 6, 7].reduce<Field[]>(
      (inner, n) => [{ key: `g${n}`, required: true, shape: { kind: 'group', fields: inner } }],
      fields,
    ),
  ],
  [
    'a part larger than a part',
    [{ key: 'a', required: true, shape: { kind: 'other', schema: { enum: ['x'.repeat(30_000)] } } } as Field],
  ],
])('%s are refused', async (_, given) => {
  const { forms } = await opened()
  await expect(forms.create({ name: '', instructions: '', fields: given })).rejects.toMatchObject({
    code: 'invalid-form',
  })
})

// Quietly empty, a person would take their forms for lost; overwritten, they would be.
test('a damaged file is set aside and told, and a fresh one works', async () => {
  const first = await opened()
  await first.made()
  await first.forms.close()
  writeFileSync(join(first.home, 'forms', 'forms.db'), 'no database '.repeat(1_000))
  const { made, list, setAside } = await opened(first.home)
  await expect.poll(setAside).toMatch(/forms-set-aside-.*\.db$/)
  await made()
  await expect.poll(() => list().length).toBe(1)
})
