import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Field } from '../../../forms/field.ts'
import { Database } from '../../../main/database/database.ts'
import { isLost } from '../../../main/forms/extraction.ts'
import { Forms, type FormsOptions } from '../../../main/forms/forms.ts'
import { formsDatabase } from '../../../main/forms/schema.ts'
import { FormStore } from '../../../main/forms/store.ts'
import { Problem } from '../../../main/problem.ts'
import type { Form, FormRow, ProblemInfo, StreamEvent } from '../../../preload/contract.ts'
import { ScriptedInference } from '../conversations/scripted-inference.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'
import { runOn } from './run-on.ts'

const fields: Field[] = [{ key: 'n', required: true, shape: { kind: 'number', whole: true } }]

/** Forms in a home of their own, with a model that says what the test tells it to. */
async function opened(
  home = temporaryHome(),
  now = Date.now,
  transcript: FormsOptions['transcript'] = async () => ({ title: '', text: '', pictures: [] }),
) {
  const inference = new ScriptedInference()
  const forms = new Forms({
    home,
    inference,
    now,
    checkFormat: async () => undefined,
    transcript,
  })
  onTestFinished(() => forms.close())
  let list: readonly Form[] = []
  let setAside: string | null = null
  let stuck: ProblemInfo | null = null
  forms.watchList(event => {
    if (event.type === 'forms') ({ forms: list, setAside, stuck } = event)
  })
  const made = async () => (await forms.create({ name: 'Numbers', instructions: '', fields })).formId
  const rows = (formId: string) => {
    const all: FormRow[] = []
    forms.watchRows(formId, event => {
      if (event.type === 'all') all.push(...event.rows)
    })()
    return all
  }
  const sources = (formId: string) => {
    let now: StreamEvent<'forms.sources'> | undefined
    forms.watchSources(formId, event => {
      now = event
    })()
    return now
  }
  /** A source alone is run before all others. */
  const run = (formId: string, count: number, text = (index: number) => `row ${index}`) =>
    runOn(
      forms,
      formId,
      Array.from({ length: count }, (_, index) => text(index)),
    )
  const asked = (count: number) => expect.poll(() => inference.chats.length).toBe(count)
  const answer = (text: string) => {
    inference.last.write(text)
    inference.last.finish()
  }
  const told = { list: () => list, setAside: () => setAside, stuck: () => stuck }
  return { home, forms, inference, made, rows, sources, run, asked, answer, ...told }
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
  await run(formId, 1)
  await asked(2)
  answer('{"n": 3}')
  await expect.poll(() => rows(formId).at(-1)?.answer).toEqual({ n: 3 })
  expect(rows(formId).map(({ state }) => state)).toEqual(['waiting', 'waiting', 'done'])
  await forms.resume(formId)
  await asked(3)
})

test('a row run again keeps what it held until there is something new', async () => {
  const { inference, asked, again, row } = await corrected()
  await again()
  await asked(2)
  inference.last.fail(new Problem('out-of-memory', 500, 'too large'))
  await expect.poll(() => row()?.problem?.code).toBe('out-of-memory')
  expect(row()).toMatchObject({ state: 'failed', answer: { n: 2 }, corrected: true })
})

/** A form with one row, which the model answered with 1 and a person made 2 of. */
async function corrected() {
  const opening = await opened()
  const { forms, made, rows, run, asked, answer } = opening
  const formId = await made()
  const { rowIds } = await run(formId, 1)
  await asked(1)
  answer('{"n": 1}')
  await expect.poll(() => rows(formId)[0]?.state).toBe('done')
  await forms.correct({ rowId: rowIds[0] ?? '', revision: 1, answer: { n: 2 } })
  const again = () => forms.runAgain({ formId, model: 'other', rowIds })
  const back = () => forms.putBack({ formId, rowIds })
  return { ...opening, formId, rowIds, again, back, row: () => rows(formId)[0] }
}

// A click on "Fill it again" cost for good what a person had corrected.
test('what a row held before it was run again can be put back, and that taken back', async () => {
  const { again, back, row, asked, answer } = await corrected()
  expect(row()?.earlier).toBe(false)
  await again()
  await asked(2)
  answer('{"n": 3}')
  await expect.poll(row).toMatchObject({ state: 'done', answer: { n: 3 }, corrected: false, earlier: true })
  await back()
  expect(row()).toMatchObject({ state: 'done', answer: { n: 2 }, corrected: true, model: 'tiny', earlier: true })
  await back()
  expect(row()).toMatchObject({ state: 'done', answer: { n: 3 }, corrected: false, model: 'other', earlier: true })
})

test('half an answer replaces none, and what is tried again after it is kept from before both', async () => {
  const { forms, formId, rowIds, again, back, row, asked, answer } = await corrected()
  await again()
  await asked(2)
  answer('{"n": 3')
  await expect.poll(() => row()?.problem?.code).toBe('answer-cut-off')
  expect(row()).toMatchObject({ state: 'failed', answer: { n: 2 }, corrected: true })
  await forms.runAgain({ formId, model: 'third', rowIds })
  await asked(3)
  answer('{"n": 4}')
  await expect.poll(row).toMatchObject({ state: 'done', answer: { n: 4 } })
  await back()
  expect(row()).toMatchObject({ state: 'done', answer: { n: 2 }, corrected: true, problem: null })
})

test('a row that is put back while it runs is out of the queue, with what it held', async () => {
  const { again, back, row, asked, inference, list } = await corrected()
  await again()
  await asked(2)
  inference.last.write('{"n": 3}')
  await back()
  expect(inference.last.aborted).toBe(true)
  expect(row()).toMatchObject({ state: 'done', answer: { n: 2 }, corrected: true, earlier: false })
  await expect.poll(() => list()[0]).toMatchObject({ waiting: 0, batch: 0 })
})

// Of two windows that corrected one row, the last to save wrote over what it had never shown.
test('an answer is corrected by nobody who has not seen it, whoever has made it', async () => {
  const { forms, rowIds, again, back, row, asked, answer } = await corrected()
  const correct = (revision: number, n: number) => forms.correct({ rowId: rowIds[0] ?? '', revision, answer: { n } })
  expect(row()).toMatchObject({ revision: 2, answer: { n: 2 } })
  expect(await Promise.all([correct(2, 3), correct(2, 4)])).toEqual([
    { written: true, revision: 3, answer: { n: 3 } },
    { written: false, revision: 3, answer: { n: 3 } },
  ])
  await again()
  await asked(2)
  answer('{"n": 5}')
  await expect.poll(row).toMatchObject({ state: 'done', answer: { n: 5 } })
  expect(await correct(3, 6)).toEqual({ written: false, revision: 4, answer: { n: 5 } })
  await back()
  expect(await correct(4, 6)).toEqual({ written: false, revision: 5, answer: { n: 3 } })
  expect(await correct(5, 6)).toMatchObject({ written: true })
})

// Typed in one window while another had the row run again, it was dropped without a word.
test('a correction of a row that is run again is the answer that can be put back', async () => {
  const { forms, rowIds, again, back, row, asked, answer } = await corrected()
  await again()
  await asked(2)
  await forms.correct({ rowId: rowIds[0] ?? '', revision: 2, answer: { n: 7 } })
  expect(row()).toMatchObject({ state: 'running', answer: { n: 7 }, earlier: true })
  answer('{"n": 3}')
  await expect.poll(row).toMatchObject({ state: 'done', answer: { n: 3 }, corrected: false })
  await back()
  expect(row()).toMatchObject({ state: 'done', answer: { n: 7 }, corrected: true, model: 'tiny' })
  await back()
  expect(row()).toMatchObject({ answer: { n: 3 }, corrected: false, model: 'other' })
})

// Run before all others, also while the queue is paused, it was begun anew at once.
test('a row that is run alone is paused, too', async () => {
  const { forms, inference, made, rows, run, asked } = await opened()
  const formId = await made()
  await run(formId, 1)
  await asked(1)
  await forms.pause(formId)
  expect(inference.last.aborted).toBe(true)
  const other = await made()
  await run(other, 1)
  // The queue came past it.
  await asked(2)
  expect([rows(formId)[0]?.state, rows(other)[0]?.state]).toEqual(['waiting', 'running'])
})

// The next batch stood still, and nothing said why.
test('a queue that is paused and emptied runs what comes next', async () => {
  const { forms, made, run, asked, list } = await opened()
  const formId = await made()
  const { rowIds } = await run(formId, 2)
  await asked(1)
  await forms.pause(formId)
  await forms.deleteRows({ formId, rowIds })
  await run(formId, 2)
  await asked(2)
  await expect.poll(() => list()[0]?.paused).toBe(false)
})

// Of 300 rows of last week and 2 of today, one of today stood as 301 of 302.
test('a batch is what went into the queue since it was last empty', async () => {
  const { forms, made, run, asked, answer, list } = await opened()
  const formId = await made()
  const counts = () => expect.poll(() => list().map(({ rows, waiting, batch }) => [rows, waiting, batch])[0])
  const { rowIds } = await run(formId, 2)
  for (const n of [1, 2]) {
    await asked(n)
    answer(`{"n": ${n}}`)
  }
  await counts().toEqual([2, 0, 2])
  expect(list()[0]?.pace).toBeGreaterThanOrEqual(0)
  const second = await run(formId, 3)
  await asked(3)
  await counts().toEqual([5, 3, 3])
  answer('{"n": 3}')
  await asked(4)
  await forms.runAgain({ formId, model: 'tiny', rowIds })
  await counts().toEqual([5, 4, 5])
  await forms.deleteRows({ formId, rowIds: [second.rowIds[2] ?? ''] })
  await counts().toEqual([4, 3, 4])
})

// The last of two windows to write took away what the other had put beside the form.
test('what is to be run next is told to all windows, and changed by none that has not seen it', async () => {
  const { forms, made } = await opened()
  const formId = await made()
  const seen: unknown[] = []
  const end = forms.watchSources(formId, event => seen.push(event))
  await forms.keepSources({ formId, revision: 0, text: 'one' })
  expect(await forms.keepSources({ formId, revision: 0, text: 'other' })).toEqual({ revision: null })
  expect(seen).toEqual([
    { text: '', files: [], revision: 0 },
    { text: 'one', files: undefined, revision: 1 },
    { text: 'one', files: [], revision: 1 },
  ])
  end()
  await expect(forms.keepSources({ formId: 'gone', revision: 0 })).rejects.toMatchObject({ code: 'not-found' })
})

test('what is to be run next is there after a restart, with its files, and a document is read where it lies', async () => {
  const first = await opened()
  const formId = await first.made()
  const { hash } = await first.forms.addText({ text: 'row 7, of a file' })
  const files = [{ kind: 'document' as const, name: 'seven.pdf', hash }]
  expect(await first.forms.keepSources({ formId, revision: 0, text: 'typed' })).toEqual({ revision: 1 })
  expect(await first.forms.keepSources({ formId, revision: 1, files })).toEqual({ revision: 2 })
  await first.forms.close()
  // Nothing but the list refers to it; a file is swept when nothing did for 30 days.
  const later = await opened(first.home, () => Date.now() + 40 * 24 * 60 * 60 * 1_000)
  await expect.poll(() => later.list().length).toBe(1)
  expect(later.sources(formId)).toEqual({ text: 'typed', files, revision: 0 })
  await later.forms.keepSources({ formId, revision: 0, text: '' })
  const run = await later.forms.run({ formId, model: 'tiny', revision: 1 })
  await later.asked(1)
  expect(later.rows(formId)[0]?.id).toBe(run.rowId)
  expect(later.inference.last.request.messages.at(-1)?.content).toContain('row 7, of a file')
  expect(later.rows(formId)[0]?.source).toMatchObject({ kind: 'text', name: 'seven.pdf', excerpt: 'row 7, of a file' })
})

// Another window's press made its rows a second time; and a kill between the rows and the list left both.
test('a list is handed over once, whoever presses first, and what came to it meanwhile is not run unseen', async () => {
  const { forms, made, rows, sources, list } = await opened()
  const formId = await made()
  const { hash } = await forms.addText({ text: 'a file' })
  const file = { kind: 'document' as const, name: 'a.txt', hash }
  await forms.keepSources({ formId, revision: 0, text: 'typed', files: [file, { ...file, name: 'b.txt' }] })
  const press = (revision: number) => forms.run({ formId, model: 'tiny', revision })
  const pressed = await Promise.all([press(1), press(1), press(1)])
  expect(sources(formId)).toEqual({ text: '', files: [], revision: 2 })
  expect(rows(formId).map(({ source }) => source.name || source.excerpt)).toEqual(['typed', 'a.txt', 'b.txt'])
  const { id } = rows(formId)[0] ?? {}
  expect(pressed).toEqual([{ rowId: id }, { rowId: id }, { rowId: id }])
  await forms.keepSources({ formId, revision: 2, files: [file] })
  expect(await press(2)).toEqual({ rowId: null })
  // One alone stays, to be run again on other fields.
  expect((await press(3)).rowId).not.toBeNull()
  expect(sources(formId)?.files).toEqual([file])
  await expect.poll(() => list()[0]?.rows).toBe(4)
})

// It stays where it is after a run, so that each of two windows that pressed made a row of it.
test('one source alone, run by two windows, is one row until that is filled, and another one afterwards', async () => {
  const { forms, made, rows, sources, inference, asked, answer } = await opened()
  const formId = await made()
  await forms.keepSources({ formId, revision: 0, text: 'typed' })
  const press = async (model = 'tiny') => (await forms.run({ formId, model, revision: 1 })).rowId
  const [one, other] = await Promise.all([press(), press()])
  expect(rows(formId).map(({ id }) => id)).toEqual([one])
  expect([other, await press()]).toEqual([one, one])
  expect(sources(formId)).toEqual({ text: 'typed', files: [], revision: 1 })
  await asked(1)
  inference.last.write('{"n": ')
  expect(await press()).toBe(one)
  // It would wait as long as the queue is paused; a source that is run anew does not.
  await forms.pause(formId)
  const second = await press()
  expect(second).not.toBe(one)
  await asked(2)
  answer('{"n": 1}')
  await expect.poll(() => rows(formId)[1]?.state).toBe('done')
  const third = await press()
  // Of another model, or on other fields, it is another question.
  const fourth = await press('other')
  await forms.change({ formId, instructions: 'All of it' })
  const fifth = await press('other')
  expect(rows(formId).map(({ id }) => id)).toEqual([one, second, third, fourth, fifth])
})

test('a run that could not be written is tried again as it is', async () => {
  const { forms, made, rows } = await opened()
  const formId = await made()
  await forms.keepSources({ formId, revision: 0, text: 'typed' })
  const press = () => forms.run({ formId, model: 'tiny', revision: 1 })
  const refused = vi.spyOn(Database.prototype, 'write').mockRejectedValueOnce(new Problem('disk-full', 507, 'full'))
  onTestFinished(() => refused.mockRestore())
  await expect(press()).rejects.toMatchObject({ code: 'disk-full' })
  expect((await press()).rowId).toBe(rows(formId)[0]?.id)
})

// It stopped all that came with it; and of a moment's trouble nothing was left to be tried again.
test('a source that cannot be read fails alone, and is read when it is tried again', async () => {
  const { home, forms, inference, made, rows, asked, answer } = await opened()
  const formId = await made()
  const { hash } = await forms.addText({ text: 'row 7, of a file' })
  const path = join(home, 'forms', 'attachments', hash)
  renameSync(path, `${path}-away`)
  const { rowIds } = await runOn(forms, formId, ['row 0', { kind: 'document', name: 'seven.pdf', hash }, 'row 2'])
  for (const n of [1, 2]) {
    await asked(n)
    answer(`{"n": ${n}}`)
  }
  await expect
    .poll(() => rows(formId).map(({ problem, state }) => problem?.code ?? state))
    .toEqual(['done', 'picture-missing', 'done'])
  expect(rows(formId)[1]?.source.name).toBe('seven.pdf')
  renameSync(`${path}-away`, path)
  await forms.runAgain({ formId, model: 'tiny', rowIds: rowIds.slice(1, 2) })
  await asked(3)
  expect(inference.last.request.messages.at(-1)?.content).toContain('row 7, of a file')
  answer('{"n": 7}')
  await expect.poll(() => rows(formId)[1]).toMatchObject({ state: 'done', source: { excerpt: 'row 7, of a file' } })
})

// Told one by one, thousands of new rows held the window up for seconds: with each it looks at all it has.
test('rows that come together are told together', async () => {
  const { forms, made, run } = await opened()
  const formId = await made()
  await forms.pause(formId)
  const seen: [string, number][] = []
  forms.watchRows(formId, event => {
    if (event.type === 'more' || event.type === 'all') seen.push([event.type, event.rows.length])
  })
  await run(formId, 100)
  // Of each portion that is read.
  expect(seen.every(([type, count]) => type === 'all' || count >= 50)).toBe(true)
  expect(seen.reduce((sum, [, count]) => sum + count, 0)).toBe(100)
})

// Fifty chats were in memory at once, each with all its pictures, and main stood still until the last was read.
test('of the chats of a list one is read after the other', async () => {
  let [reading, most] = [0, 0]
  const { forms, made } = await opened(undefined, undefined, async () => {
    reading += 1
    most = Math.max(most, reading)
    await Promise.resolve()
    reading -= 1
    return { title: '', text: 'a chat', pictures: [] }
  })
  const formId = await made()
  const chat = { kind: 'chat' as const, conversationId: formId }
  expect((await runOn(forms, formId, [chat, chat, chat])).rowIds).toHaveLength(3)
  expect(most).toBe(1)
})

// Fifty contracts of 300,000 characters in one write held main up for 80 ms.
test('of long texts few are written together', async () => {
  const { forms, made, run } = await opened()
  const formId = await made()
  const seen: number[] = []
  forms.watchRows(formId, event => {
    if (event.type === 'more') seen.push(event.rows.length)
  })
  await run(formId, 4, index => `${index} ${'x'.repeat(600_000)}`)
  expect(seen).toEqual([2, 2])
})

// On a full disk the queue stood still, and nothing said why.
test('a queue whose rows cannot be written says so, and goes on once they can', async () => {
  const { made, run, asked, stuck } = await opened()
  onTestFinished(() => void vi.restoreAllMocks())
  vi.spyOn(FormStore.prototype, 'begin').mockImplementationOnce(() => {
    throw new Problem('disk-full', 500, 'no space left on device')
  })
  await run(await made(), 1)
  await expect.poll(stuck).toMatchObject({ code: 'disk-full' })
  await expect.poll(stuck, { timeout: 20_000 }).toBeNull()
  await asked(1)
})

// It threw in a timer: the window had half of the rows for good, or main ended.
test('rows and a list that cannot be read for a moment are there in whole afterwards', async () => {
  const { forms, made, run, list } = await opened()
  const formId = await made()
  const { rowIds } = await run(formId, 600, () => 'the same file')
  await forms.pause(formId)
  const read = vi.spyOn(FormStore.prototype, 'rows')
  const shown = new Map<string, FormRow>()
  const fail = () => {
    throw new Problem('database', 500, 'a page cannot be read')
  }
  forms.watchRows(formId, event => {
    if (event.type === 'all') {
      shown.clear()
      read.mockImplementationOnce(fail)
    }
    if (event.type === 'all' || event.type === 'more') for (const row of event.rows) shown.set(row.id, row)
  })
  onTestFinished(() => void vi.restoreAllMocks())
  await expect.poll(() => [...shown.keys()]).toEqual(rowIds)
  expect(read.mock.results.some(({ type }) => type === 'throw')).toBe(true)
  vi.spyOn(FormStore.prototype, 'forms').mockImplementationOnce(fail)
  await forms.change({ formId, name: 'Told all the same' })
  await expect.poll(() => list()[0]?.name).toBe('Told all the same')
})

test('a row that cannot be read hides itself alone', async () => {
  const { forms, made, run, rows } = await opened()
  const formId = await made()
  const { rowIds } = await run(formId, 3)
  await forms.pause(formId)
  const { rows: read } = Database.prototype
  onTestFinished(() => void vi.restoreAllMocks())
  vi.spyOn(Database.prototype, 'rows').mockImplementation(function (this: Database, columns, rest, ...values) {
    const broken = 'excerpt' in columns && (values.length === 3 || values[0] === 2)
    if (broken) throw new Problem('database', 500, 'a page cannot be read')
    return read.call(this, columns, rest, ...values) as never
  })
  expect(rows(formId).map(({ id }) => id)).toEqual([rowIds[0], rowIds[2]])
})

// A second connection to one file, never closed: the file stayed open and locked to the end of the app.
test('an opening that fails half-way closes the database it opened', async () => {
  const takeUp = vi.spyOn(FormStore.prototype, 'takeUp').mockImplementationOnce(() => {
    throw new Problem('database', 500, 'a page cannot be read')
  })
  const open = vi.spyOn(Database, 'open')
  const close = vi.spyOn(Database.prototype, 'close')
  onTestFinished(() => void vi.restoreAllMocks())
  const { forms, made } = await opened()
  await expect(made()).rejects.toMatchObject({ code: 'database' })
  await made()
  await forms.close()
  expect(takeUp).toHaveBeenCalledTimes(2)
  const closed = new Set(close.mock.contexts)
  expect(open.mock.results.map(({ value }) => closed.has(value))).toEqual([true, true])
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

// Half an answer was all there was of a long list, though the model could have been given more room.
test('an answer that filled the context is asked for once more in twice of it, where the model has that', async () => {
  const { inference, made, rows, run, asked, answer } = await opened()
  const formId = await made()
  await run(formId, 2)
  const fill = async (count: number) => {
    await asked(count)
    inference.last.reads(1)
    inference.last.write('{"n": 12')
    inference.last.finish('length', 500)
  }
  await fill(1)
  await asked(2)
  expect(inference.last.request.options).toMatchObject({ num_ctx: 1_024 })
  inference.last.reads(1, false, 1_024)
  answer('{"n": 123}')
  await expect.poll(() => rows(formId)[0]).toMatchObject({ state: 'done', answer: { n: 123 } })
  // The next row: this time the model has no more.
  await fill(3)
  await asked(4)
  inference.last.reads(1)
  await expect.poll(() => rows(formId)[1]?.problem?.code).toBe('answer-cut-off')
  expect(rows(formId)[1]?.answer).toEqual({ n: 12 })
  expect(inference.chats).toHaveLength(4)
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

// A weak model wrote on in a text without a limit for minutes, until the context was full, and then in one twice as large.
test('an answer that only repeats itself is ended, and not asked for again', async () => {
  const { inference, made, rows, run, asked } = await opened()
  const formId = await made()
  await run(formId, 1)
  await asked(1)
  inference.last.reads(1)
  inference.last.write(`{"note": "total ${'99, '.repeat(600)}`)
  await expect.poll(() => rows(formId)[0]?.problem?.code).toBe('answer-cut-off')
  expect(rows(formId)[0]?.answer).toMatchObject({ note: expect.stringMatching(/^total 99, 99/) })
  expect(inference.chats).toHaveLength(1)
  const items = Array.from({ length: 400 }, (_, n) => ({ item: 'bread', count: n }))
  expect(isLost(JSON.stringify(items))).toBe(false)
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

/** A home whose forms.db is of an older version: a form with an answer, half of one, and what waits. */
function homeOfVersion(version: number, applicationId = formsDatabase.applicationId) {
  const home = temporaryHome()
  mkdirSync(join(home, 'forms'))
  const file = Database.open(join(home, 'forms', 'forms.db'))
  for (const step of formsDatabase.migrations.slice(0, version)) file.exec(step)
  const formId = '11111111-1111-4111-8111-111111111111'
  file.run(
    `INSERT INTO forms (id, name, fields, paused, created_at, updated_at) VALUES (?, 'Old', ?, 1, 1, 1)`,
    ...[formId, JSON.stringify(fields)],
  )
  const cutOff = JSON.stringify({ code: 'answer-cut-off', message: '' })
  for (const [index, [state, answer, problem]] of [
    ['done', '{"n":1}', null],
    ['failed', '{"n":2}', cutOff],
    ['waiting', null, null],
  ].entries()) {
    file.run(
      `INSERT INTO rows (id, form_id, source_kind, source_name, source_text, state, model, answer, problem, created_at)
       VALUES (?, ?, 'text', '', 'row', ?, 'tiny', ?, ?, 1)`,
      ...[`22222222-2222-4222-8222-22222222222${index}`, formId, state ?? null, answer ?? null, problem ?? null],
    )
  }
  file.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${applicationId}`)
  file.close()
  return { home, formId }
}

// A step, or a list of columns to rescue, that does not know an older file loses all that is in it.
test.each([1, 2, 3, 4, 5, 6])('a file of version %i is brought up to date, and rescued when damaged', async version => {
  for (const applicationId of [formsDatabase.applicationId, 1]) {
    const { home, formId } = homeOfVersion(version, applicationId)
    const { rows, sources, list, setAside } = await opened(home)
    await expect
      .poll(() => list()[0])
      .toMatchObject({ name: 'Old', fields, paused: true, rows: 3, waiting: 1, failed: 1 })
    expect(setAside() === null).toBe(applicationId === formsDatabase.applicationId)
    expect(rows(formId).map(({ state, answer }) => [state, answer])).toEqual([
      ['done', { n: 1 }],
      ['failed', { n: 2 }],
      ['waiting', null],
    ])
    expect(sources(formId)).toEqual({ text: '', files: [], revision: 0 })
  }
})

// After the toast was gone nothing led to them, for all the 30 days they were still there.
test('deleted forms and rows are listed, taken back, and removed for good after a restart', async () => {
  let now = Date.UTC(2026, 10, 21)
  const first = await opened(undefined, () => now++)
  const [kept, gone] = [await first.made(), await first.made()]
  const { rowIds } = await first.run(kept, 3)
  await first.run(gone, 2)
  await first.forms.deleteRows({ formId: kept, rowIds: rowIds.slice(0, 2) })
  await first.forms.deleteRows({ formId: kept, rowIds: rowIds.slice(2) })
  await first.forms.delete(gone)
  await first.forms.close()
  const { forms, rows, home } = await opened(first.home, () => now++)
  expect(await forms.trash()).toMatchObject({
    forms: [{ id: gone, name: 'Numbers', rows: 2 }],
    rows: [
      { rowIds: rowIds.slice(2), formId: kept, formName: 'Numbers', source: 'row 2' },
      { rowIds: rowIds.slice(0, 2), source: 'row 0' },
    ],
  })
  await forms.restoreRows({ formId: kept, rowIds: rowIds.slice(2) })
  // What was taken back meanwhile stays.
  await forms.removeForGood({ formIds: [gone, kept], rowIds })
  expect(await forms.trash()).toEqual({ forms: [], rows: [] })
  expect(rows(kept).map(({ id }) => id)).toEqual(rowIds.slice(2))
  await forms.close()
  const file = Database.open(join(home, 'forms', 'forms.db'))
  expect(file.rows({ id: 'TEXT' }, 'FROM rows')).toEqual([{ id: rowIds[2] }])
  expect(file.rows({ id: 'TEXT' }, 'FROM forms')).toEqual([{ id: kept }])
  file.close()
})

// Three thousand held all windows up for a quarter of a second.
test('many rows are put into the trash some at a time, as one, and what a kill leaves there can be taken out', async () => {
  const { forms, made, rows } = await opened()
  const formId = await made()
  const { hash } = await forms.addText({ text: 'a row' })
  const file = { kind: 'document' as const, name: '', hash }
  const { rowIds } = await runOn(
    forms,
    formId,
    Array.from({ length: 450 }, () => file),
  )
  // Whatever else is due has its turn between two of them.
  let turn = 0
  let told: { rows: number; turn: number }[] = []
  const end = forms.watchRows(formId, event => {
    if (event.type !== 'removed') return
    told.push({ rows: event.rowIds.length, turn })
    setImmediate(() => {
      turn += 1
    })
  })
  await forms.deleteRows({ formId, rowIds })
  expect(told).toEqual([200, 200, 50].map((rows, turn) => ({ rows, turn })))
  expect((await forms.trash()).rows).toMatchObject([{ rowIds, formId }])
  await forms.restoreRows({ formId, rowIds })
  expect(rows(formId)).toHaveLength(450)

  told = []
  const write = Database.prototype.write
  const refused = vi.spyOn(Database.prototype, 'write').mockImplementation(function (this: Database, work) {
    return told.length > 0 ? Promise.reject(new Problem('disk-full', 507, 'full')) : write.call(this, work)
  } as typeof write)
  onTestFinished(() => refused.mockRestore())
  await expect(forms.deleteRows({ formId, rowIds })).rejects.toMatchObject({ code: 'disk-full' })
  refused.mockRestore()
  end()
  const [left] = (await forms.trash()).rows
  expect(left?.rowIds).toEqual(rowIds.slice(0, 200))
  await forms.restoreRows({ formId, rowIds: left?.rowIds ?? [] })
  expect(rows(formId).map(({ id }) => id)).toEqual(rowIds)
})

// Its time said that it had been there for decades: it was gone with the next start.
test('what is deleted while the clock is years behind stays as long as anything else', async () => {
  let now = Date.UTC(2026, 10, 21)
  const first = await opened(undefined, () => now)
  const [kept, gone] = [await first.made(), await first.made()]
  const { rowIds } = await first.run(kept, 2)
  await first.forms.close()
  now = Date.UTC(2000, 0, 1)
  const behind = await opened(first.home, () => now)
  await behind.forms.deleteRows({ formId: kept, rowIds: rowIds.slice(1) })
  await behind.forms.delete(gone)
  await behind.forms.close()
  now = Date.UTC(2026, 10, 22)
  const { forms, rows } = await opened(first.home, () => now)
  expect(await forms.trash()).toMatchObject({ forms: [{ id: gone }], rows: [{ rowIds: rowIds.slice(1) }] })
  await forms.restoreRows({ formId: kept, rowIds: rowIds.slice(1) })
  expect(rows(kept)).toHaveLength(2)
})

// What a person had removed for good lay on the disk for 30 days more.
test('what a form was to be run on next goes with it, but for what another form is to be run on', async () => {
  const { forms, made } = await opened()
  const [kept, gone] = [await made(), await made()]
  const [shared, own] = await Promise.all(['of both', 'of one'].map(text => forms.addText({ text })))
  const files = [shared, own].map(taken => ({ kind: 'document' as const, name: '', hash: taken?.hash ?? '' }))
  await forms.keepSources({ formId: kept, revision: 0, files: files.slice(0, 1) })
  await forms.keepSources({ formId: gone, revision: 0, files })
  await forms.delete(gone)
  await forms.removeForGood({ formIds: [gone], rowIds: [] })
  expect(await forms.picture(shared?.hash ?? '')).toBeDefined()
  expect(await forms.picture(own?.hash ?? '')).toBeUndefined()
})
