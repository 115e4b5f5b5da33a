// @vitest-environment happy-dom

import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Field, JsonObject } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import type { CallInput, CallOutput, FormRow } from '../../../../preload/contract.ts'
import {
  areSound,
  moved,
  renamed,
  tidied,
  troubleOf,
} from '../../../../renderer/features/forms/builder/field-changes.ts'
import { unsavedOf } from '../../../../renderer/features/forms/fill/corrections.ts'
import { FilledForm } from '../../../../renderer/features/forms/fill/filled-form.tsx'
import { isSound } from '../../../../renderer/features/forms/fill/validator.ts'
import { putBack, runAgain } from '../../../../renderer/features/forms/form-actions.ts'
import { byValue, compareValues, holds, wanted } from '../../../../renderer/features/forms/results/order.ts'
import { changeLanguage } from '../../../../renderer/i18n/i18n.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { aRow, type FakeHearth, installHearth } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

let hearth: FakeHearth
/** As main writes a correction of the answer that it has. */
const correct = ({ revision, answer }: CallInput<'forms.correct'>): CallOutput<'forms.correct'> => ({
  written: true,
  revision: revision + 1,
  answer,
})
beforeEach(() => {
  hearth = installHearth({ 'forms.correct': correct })
})

const script = '<img src=x onerror=alert(1)>'
const fields: Field[] = [
  { key: 'shop', title: script, hint: script, required: true, shape: { kind: 'text' } },
  { key: 'stars', required: false, shape: { kind: 'number', whole: true, maximum: 5 } },
  {
    key: 'rest',
    required: false,
    shape: { kind: 'other', schema: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
  },
]

const row = (over: Partial<FormRow> = {}): FormRow => aRow({ answer: { shop: script, stars: null, rest: 7 }, ...over })

describe('a filled form', () => {
  test('shows names, hints and answers that carry script as text', () => {
    const { container } = stage(<FilledForm fields={fields} row={row()} />)
    expect(container.querySelector('img')).toBeNull()
    expect((screen.getByLabelText(/<img/) as HTMLTextAreaElement).value).toBe(script)
  })

  test('saves a correction that fits, in the shape a model writes it', async () => {
    stage(<FilledForm fields={fields} row={row()} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await expect
      .poll(() => hearth.inputsOf('forms.correct'))
      .toEqual([{ rowId: 'r', revision: 0, answer: { shop: script, stars: 4, rest: 7 } }])
  })

  test('tells what does not fit, and saves nothing of it', async () => {
    const { unmount } = stage(<FilledForm fields={fields} row={row()} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '9' } })
    expect(await screen.findByText('At most 5.')).toBeTruthy()
    expect(screen.getByText(/^What is marked does not fit and is not saved yet/)).toBeTruthy()
    unmount()
    expect(hearth.inputsOf('forms.correct')).toEqual([])
  })

  // What was found wrong kept the words of the language it was found in.
  test('tells it in the language that is chosen meanwhile', async () => {
    stage(<FilledForm fields={fields} row={row({ id: 'four' })} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '9' } })
    await screen.findByText('At most 5.')
    onTestFinished(() => changeLanguage('en'))
    await act(() => changeLanguage('zh-CN'))
    expect(screen.getByText('不能大于 5。')).toBeTruthy()
    expect(screen.queryByText('At most 5.')).toBeNull()
  })

  // One field that did not fit took the others' corrections along when another row was opened.
  test('saves the rest when one field does not fit, and has that there again', async () => {
    const { unmount } = stage(<FilledForm fields={fields} row={row({ id: 'two' })} />)
    fireEvent.change(screen.getByLabelText(/<img/), { target: { value: 'Lindner' } })
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: 'four' } })
    expect(await screen.findByText('Write a whole number, such as 12.')).toBeTruthy()
    unmount()
    const saved = { shop: 'Lindner', stars: null, rest: 7 }
    await expect.poll(() => hearth.inputsOf('forms.correct')).toEqual([{ rowId: 'two', revision: 0, answer: saved }])
    stage(<FilledForm fields={fields} row={row({ id: 'two', answer: saved })} />)
    expect((screen.getByLabelText('stars') as HTMLTextAreaElement).value).toBe('four')
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await expect.poll(() => hearth.inputsOf('forms.correct').at(-1)).toMatchObject({ answer: { stars: 4 } })
  })

  // Closed while the model was asked again, the row showed the old correction in the place of the new answer.
  test('gives up what did not fit once the model is asked again', async () => {
    const first = stage(<FilledForm fields={fields} row={row({ id: 'five' })} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: 'four' } })
    await screen.findByText('Write a whole number, such as 12.')
    first.unmount()
    stage(<FilledForm fields={fields} row={row({ id: 'five', state: 'waiting' })} />).unmount()
    stage(<FilledForm fields={fields} row={row({ id: 'five', answer: { shop: 'Aldi', stars: 2, rest: 7 } })} />)
    expect((screen.getByLabelText('stars') as HTMLTextAreaElement).value).toBe('2')
  })

  // It was gone without a trace: shown until the row was closed, and on no disk.
  test('keeps a correction that could not be written, says so, and writes it with the next or on return', async () => {
    hearth.answers['forms.correct'] = () => Promise.reject({ code: 'disk-full', message: '', details: '' })
    const { unmount } = stage(<FilledForm fields={fields} row={row({ id: 'six' })} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    expect(await screen.findByText(/^Your correction could not be saved yet/)).toBeTruthy()
    unmount()
    await expect.poll(() => hearth.inputsOf('forms.correct')).toHaveLength(2)
    hearth.answers['forms.correct'] = correct
    stage(<FilledForm fields={fields} row={row({ id: 'six' })} />)
    expect((screen.getByLabelText('stars') as HTMLTextAreaElement).value).toBe('4')
    await expect.poll(() => hearth.inputsOf('forms.correct')).toHaveLength(3)
    expect(hearth.inputsOf('forms.correct').at(-1)).toMatchObject({ answer: { stars: 4 } })
  })

  // Corrected once, a row showed nothing of what another window made of it, and wrote over it.
  test('shows what another window makes of a row once its own correction is saved', async () => {
    const { rerender } = stage(<FilledForm fields={fields} row={row({ id: 'seven' })} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await expect.poll(() => hearth.inputsOf('forms.correct')).toHaveLength(1)
    const tell = (revision: number, answer: JsonObject) =>
      rerender(<FilledForm fields={fields} row={row({ id: 'seven', corrected: true, revision, answer })} />)
    tell(1, { shop: script, stars: 4, rest: 7 })
    tell(2, { shop: 'Lindner', stars: 5, rest: 7 })
    expect((screen.getByLabelText('stars') as HTMLTextAreaElement).value).toBe('5')
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '3' } })
    await expect
      .poll(() => hearth.inputsOf('forms.correct').at(-1)?.answer)
      .toMatchObject({ shop: 'Lindner', stars: 3 })
  })

  const anotherAnswer: [string, (own: FormRow) => Promise<void>][] = [
    ['forms.runAgain', own => runAgain('f', 'tiny', [own])],
    ['forms.putBack', own => putBack('f', [own])],
  ]

  // Within half a second of the last letter main had no correction to keep, or had it over the answer that was put
  // back.
  test.each(anotherAnswer)('is saved before %s', async (name, does) => {
    const own = row({ id: name })
    stage(<FilledForm fields={fields} row={own} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await act(() => does(own))
    expect(hearth.calls.map(call => call.name)).toEqual(['forms.correct', name])
  })

  // Of a row that was closed, and tried again with all that had failed, the old values were written over the new
  // answer.
  describe.each([true, false])('with a part that does not fit, while the row is open: %s', open => {
    test.each(anotherAnswer)('gives that up with %s', async (name, does) => {
      const id = `${name} ${open}`
      const { rerender, unmount } = stage(<FilledForm fields={fields} row={row({ id })} />)
      fireEvent.change(screen.getByLabelText('stars'), { target: { value: 'four' } })
      await screen.findByText('Write a whole number, such as 12.')
      if (!open) unmount()
      await act(() => does(row({ id })))
      const other = <FilledForm fields={fields} row={row({ id, answer: { shop: 'Aldi', stars: 2, rest: 7 } })} />
      if (open) rerender(other)
      else stage(other)
      expect((screen.getByLabelText('stars') as HTMLTextAreaElement).value).toBe('2')
      expect(unsavedOf(id)).toBeUndefined()
      cleanup()
      await settle()
      expect(hearth.inputsOf('forms.correct')).toEqual([])
    })
  })

  // What was typed in the half second before another window had the row filled again was dropped without a word.
  test('is kept as the answer before when another window has the row filled again', async () => {
    const { rerender } = stage(<FilledForm fields={fields} row={row({ id: 'again' })} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    rerender(<FilledForm fields={fields} row={row({ id: 'again', state: 'waiting' })} />)
    await expect.poll(() => useToasts.getState().toasts.at(-1)?.text).toBe('forms.correctionKept')
    const kept = { rowId: 'again', revision: 0, answer: { shop: script, stars: 4, rest: 7 } }
    expect(hearth.inputsOf('forms.correct').at(-1)).toEqual(kept)
    useToasts.getState().toasts.at(-1)?.action?.perform()
    await expect.poll(() => hearth.inputsOf('forms.putBack')).toEqual([{ formId: 'f', rowIds: ['again'] }])
  })

  /** Somebody else has made something of the row: whatever was seen here, is not written over that. */
  const quicker = (answer: JsonObject) => {
    hearth.answers['forms.correct'] = input => {
      hearth.answers['forms.correct'] = correct
      return { written: false, revision: input.revision + 1, answer }
    }
  }
  const value = (name: string | RegExp) => (screen.getByLabelText(name) as HTMLTextAreaElement).value
  const written = () => hearth.inputsOf('forms.correct').map(({ revision, answer }) => ({ revision, answer }))

  // The last of two windows to save wrote the whole answer over what the other had made of other fields.
  test('takes over what somebody else has changed in other fields, and writes its own into that', async () => {
    stage(<FilledForm fields={fields} row={row({ id: 'both' })} />)
    quicker({ shop: 'Lindner', stars: null, rest: 8 })
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await expect.poll(written).toEqual([
      { revision: 0, answer: { shop: script, stars: 4, rest: 7 } },
      { revision: 1, answer: { shop: 'Lindner', stars: 4, rest: 8 } },
    ])
    await expect.poll(() => [value(/<img/), value('stars')]).toEqual(['Lindner', '4'])
    expect(screen.queryByText(/in the meantime/)).toBeNull()
  })

  const decisions = [
    ['Keep what I wrote', '4', [{ revision: 1, answer: { shop: 'Lindner', stars: 4, rest: 7 } }]],
    ['Use that instead', '5', []],
  ] as const
  test.each(decisions)('shows both values of a field that two have changed: %s', async (name, stands, last) => {
    const id = `contested ${name}`
    const { rerender, unmount } = stage(<FilledForm fields={fields} row={row({ id })} />)
    const theirs = { shop: 'Lindner', stars: 5, rest: 7 }
    quicker(theirs)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/“stars” was changed elsewhere in the meantime.*5/)
    // It stood below the last field, out of sight of whoever corrects one far above.
    expect(alert.parentElement?.contains(screen.getByLabelText('stars'))).toBe(true)
    fireEvent.click(screen.getByRole('button', { name: 'stars' }))
    expect(document.activeElement?.textContent).toBe('Keep what I wrote')
    expect(value('stars')).toBe('4')
    expect(written()).toHaveLength(1)
    // Told by main, or opened again, it is no other.
    const told = <FilledForm fields={fields} row={row({ id, revision: 1, answer: theirs })} />
    rerender(told)
    unmount()
    stage(told)
    // What was left is tried again, by now without anything that may be written.
    await settle()
    expect([value('stars'), written()]).toEqual(['4', written().slice(0, 1)])
    fireEvent.click(screen.getByRole('button', { name }))
    await expect.poll(() => value('stars')).toBe(stands)
    expect(screen.queryByRole('alert')).toBeNull()
    await expect.poll(() => written().slice(1)).toEqual(last)
    await expect.poll(() => unsavedOf(id)).toBeUndefined()
  })

  // What every object has was shown as another's value, or the page fell over it.
  test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'shows what became of a field called %s',
    async key => {
      const named: Field[] = [
        { key, required: false, shape: { kind: 'text' } },
        {
          key: 'group',
          required: false,
          shape: { kind: 'group', fields: [{ key, required: false, shape: { kind: 'text' } }] },
        },
      ]
      const of = (text: string) => JSON.parse(`{${JSON.stringify(key)}: "${text}"}`) as JsonObject
      const id = `named ${key}`
      const first = stage(<FilledForm fields={named} row={row({ id, answer: { ...of('a'), group: of('b') } })} />)
      const [outer, inner] = screen.getAllByLabelText(key) as HTMLTextAreaElement[]
      expect([outer?.value, inner?.value]).toEqual(['a', 'b'])
      quicker({ group: of('b') })
      if (outer) fireEvent.change(outer, { target: { value: 'mine' } })
      expect((await screen.findByRole('alert')).textContent).toMatch(/was emptied elsewhere/)
      expect(screen.getAllByLabelText(key).map(field => (field as HTMLTextAreaElement).value)).toEqual(['mine', 'b'])
      fireEvent.click(screen.getByRole('button', { name: 'Keep what I wrote' }))
      await expect.poll(() => JSON.stringify(written().at(-1)?.answer)).toContain('"mine"')
      first.unmount()
    },
  )

  /** Main takes its time over the next correction: when it has come there, and what lets it be written. */
  const slowly = () => {
    let write = () => {}
    const arrived = new Promise<void>(resolve => {
      hearth.answers['forms.correct'] = input => {
        hearth.answers['forms.correct'] = correct
        resolve()
        return new Promise(done => {
          write = () => done(correct(input))
        })
      }
    })
    return { arrived, write: () => write() }
  }

  // Typed on while the last letters were written, it was taken for another's change once that had come back.
  test('knows its own writing again, however late main tells of it', async () => {
    const { rerender } = stage(<FilledForm fields={fields} row={row({ id: 'own' })} />)
    const { arrived, write } = slowly()
    fireEvent.change(screen.getByLabelText(/<img/), { target: { value: 'A' } })
    await arrived
    fireEvent.change(screen.getByLabelText(/<img/), { target: { value: 'AB' } })
    write()
    await expect.poll(written).toMatchObject([{ revision: 0 }, { revision: 1, answer: { shop: 'AB' } }])
    rerender(<FilledForm fields={fields} row={row({ id: 'own', revision: 1, answer: { shop: 'A', rest: 7 } })} />)
    expect([value(/<img/), screen.queryByRole('alert')]).toEqual(['AB', null])
    await expect.poll(() => unsavedOf('own')).toBeUndefined()
    expect(value(/<img/)).toBe('AB')
  })

  // What stood there before was no change any more, and what had just been written came back by itself.
  test('writes what is taken back while it is written', async () => {
    stage(<FilledForm fields={fields} row={row({ id: 'taken back' })} />)
    const { arrived, write } = slowly()
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await arrived
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '' } })
    write()
    await expect.poll(written).toMatchObject([{ answer: { stars: 4 } }, { revision: 1, answer: { stars: null } }])
    await expect.poll(() => unsavedOf('taken back')).toBeUndefined()
    expect(value('stars')).toBe('')
  })

  // What had stood there before was shown until the row was opened again.
  test('shows what a backup had, once another window has gone back to it', async () => {
    const of = (revision: number, stars: number) => row({ id: 'back', revision, answer: { shop: 'Aldi', stars } })
    const { rerender } = stage(<FilledForm fields={fields} row={row({ id: 'back', revision: 4 })} />)
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: '4' } })
    await expect.poll(written).toMatchObject([{ revision: 4 }])
    await expect.poll(() => unsavedOf('back')).toBeUndefined()
    rerender(<FilledForm fields={fields} row={of(5, 4)} />)
    rerender(<FilledForm fields={fields} row={of(2, 1)} />)
    expect([value(/<img/), value('stars')]).toEqual(['Aldi', '1'])
    rerender(<FilledForm fields={fields} row={of(3, 2)} />)
    expect(value('stars')).toBe('2')
  })

  // Filled anew by another window while it was closed here, a row got its old values back as soon as it was opened.
  test('leaves a row the answer it has got meanwhile, and shows what did not fit beside that', async () => {
    const first = stage(<FilledForm fields={fields} row={row({ id: 'newer' })} />)
    fireEvent.change(screen.getByLabelText(/<img/), { target: { value: 'Lindner' } })
    fireEvent.change(screen.getByLabelText('stars'), { target: { value: 'four' } })
    await screen.findByText('Write a whole number, such as 12.')
    first.unmount()
    await expect.poll(() => hearth.inputsOf('forms.correct')).toHaveLength(1)
    const answer = { shop: 'Aldi', stars: 2, rest: 8 }
    stage(<FilledForm fields={fields} row={row({ id: 'newer', revision: 2, answer })} />)
    // What was saved by then is not the person's alone: it is what that answer took the place of.
    expect([value('stars'), value(/<img/)]).toEqual(['four', 'Aldi'])
    expect(screen.getByRole('alert').textContent).toContain('“stars” was changed elsewhere')
    fireEvent.click(screen.getByRole('button', { name: 'Use that instead' }))
    expect(value('stars')).toBe('2')
    await settle()
    expect(hearth.inputsOf('forms.correct')).toHaveLength(1)
  })

  test('takes an amount as it is written here and there', async () => {
    const total: Field = { key: 'total', required: false, shape: { kind: 'number', whole: false } }
    stage(<FilledForm fields={[total]} row={row({ id: 'three', answer: { total: 1 } })} />)
    const box = screen.getByLabelText('total')
    fireEvent.change(box, { target: { value: '1.234,50 €' } })
    expect(await screen.findByText('Write a number, such as 12.5 or 12,50.')).toBeTruthy()
    fireEvent.blur(box)
    await expect
      .poll(() => hearth.inputsOf('forms.correct'))
      .toEqual([{ rowId: 'three', revision: 0, answer: { total: 1234.5 } }])
  })

  test('cannot be changed while the model writes', () => {
    stage(<FilledForm fields={fields} row={row({ state: 'running', answer: null })} />)
    expect((screen.getByLabelText('stars') as HTMLTextAreaElement).readOnly).toBe(true)
  })
})

// A stranger's pattern that takes for ever would stop the window at the first letter typed.
test('patterns of a schema are not run on what a person types', () => {
  const evil: Field = { key: 'a', required: true, shape: { kind: 'text', pattern: '^(a+)+$' } }
  expect(isSound(inputSchema([evil]) as object, { a: `${'a'.repeat(40)}!` })).toBe(true)
  expect(isSound(inputSchema([evil]) as object, {})).toBe(false)
})

describe('fields that are changed', () => {
  const [shop] = fields as [Field, ...Field[]]

  // A new key would leave the answers of all rows under the old one.
  test('keep their key when rows have answers under it', () => {
    expect(renamed(shop, 'Store', true)).toMatchObject({ key: 'shop', title: 'Store' })
    expect(renamed(shop, 'Store', false)).toEqual({ ...shop, key: 'Store', title: undefined })
    expect(renamed({ ...shop, key: '' }, 'Store', true)).toMatchObject({ key: 'Store' })
  })

  test('say what is missing', () => {
    const choice = (choices: string[]): Field => ({ key: 'c', required: true, shape: { kind: 'choice', choices } })
    expect(troubleOf({ ...shop, key: ' ', title: '' }, [])).toBe('forms.nameMissing')
    expect(troubleOf(shop, [shop, { ...shop }])).toBe('forms.nameTaken')
    expect(troubleOf(choice([' ', '']), [])).toBe('forms.choiceMissing')
    expect(areSound([{ key: 'g', required: true, shape: { kind: 'group', fields: [choice([''])] } }])).toBe(false)
    expect(tidied([{ ...choice([' a', 'a', '']), key: ' c ' }])).toEqual([{ ...choice(['a']), key: 'c' }])
  })

  test('move within their list', () => {
    expect([moved(['a', 'b'], 0, 1), moved(['a', 'b'], 0, -1), moved(['a', 'b'], 1, 1)]).toEqual([
      ['b', 'a'],
      ['a', 'b'],
      ['a', 'b'],
    ])
  })
})

test('a column is sorted by its values, nothing first; a filter minds no case and no accents', () => {
  expect([10, undefined, 9, 'b', 'A'].sort((a, b) => compareValues(a, b))).toEqual([9, 10, 'A', 'b', undefined])
  expect(compareValues(undefined, 0)).toBeLessThan(0)
  const table = { options: { data: [{ n: 10 }, {}, { n: 9 }] } }
  const compare = byValue(({ n }: { n?: number }) => n)
  const order = () => table.options.data.map((_, index) => ({ index, table })).sort(compare)
  expect(order().map(({ index }) => index)).toEqual([1, 2, 0])
  // What it has read of the rows before is not what the new ones hold.
  table.options.data = [{ n: 1 }, { n: 3 }, { n: 2 }]
  expect(order().map(({ index }) => index)).toEqual([0, 2, 1])
  const matches = (text: string, words: string) => holds(text, wanted(words))
  expect([matches('Bäckerei', ' BACK '), matches('ＡＢＣ', 'abc'), matches('Lidl', 'aldi')]).toEqual([
    true,
    true,
    false,
  ])
  expect([matches('LIDL', 'lídl'), matches('anything', ' ')]).toEqual([true, true])
})

// The values of a field that was taken out of a group were lost with the first correction, or the correction was.
test('what the form no longer asks for stays through a correction, in groups and in items of lists', async () => {
  const text = (key: string): Field => ({ key, required: false, shape: { kind: 'text' } })
  const place: Field = { key: 'place', required: false, shape: { kind: 'group', fields: [text('town')] } }
  const items: Field = { key: 'items', required: false, shape: { kind: 'list', item: place.shape } }
  const answer = {
    gone: 1,
    place: { town: 'Ulm', street: 'Lange' },
    items: [
      { town: 'Bonn', street: 'Kurze' },
      { town: 'Kiel', street: 'Neue' },
    ],
  }
  stage(<FilledForm fields={[place, items]} row={row({ id: 'six', answer })} />)
  const [town, , second] = screen.getAllByLabelText('town')
  if (town) fireEvent.change(town, { target: { value: 'Köln' } })
  if (second) fireEvent.change(second, { target: { value: 'Trier' } })
  expect(screen.queryByText(/is not saved yet/)).toBeNull()
  await expect
    .poll(() => hearth.inputsOf('forms.correct').at(-1)?.answer)
    .toEqual({
      gone: 1,
      place: { town: 'Köln', street: 'Lange' },
      items: [
        { town: 'Bonn', street: 'Kurze' },
        { town: 'Trier', street: 'Neue' },
      ],
    })
})

// Said once, it could not be unsaid: a model that guessed wrong left the person with a guess of their own.
test('a yes or no that need not be said can be taken back', async () => {
  const yesNo = (key: string, required: boolean): Field => ({ key, required, shape: { kind: 'yes-no' } })
  stage(<FilledForm fields={[yesNo('paid', false)]} row={row({ id: 'seven', answer: { paid: true } })} />)
  fireEvent.click(screen.getByRole('radio', { name: 'Not said' }))
  await expect.poll(() => hearth.inputsOf('forms.correct').at(-1)?.answer).toEqual({ paid: null })
  stage(<FilledForm fields={[yesNo('sent', true)]} row={row({ id: 'eight', answer: { sent: null } })} />)
  const choice = screen.getByRole('radiogroup', { name: /sent/ })
  expect(choice.querySelectorAll('[role=radio]')).toHaveLength(2)
})

// Below the columns of a table, what is asked for was heard by some and seen by nobody.
test('a hint of a column stands below its name', () => {
  const animal: Field = { key: 'animal', hint: 'Its kind', required: false, shape: { kind: 'text' } }
  const pets: Field = {
    key: 'pets',
    required: false,
    shape: { kind: 'list', item: { kind: 'group', fields: [animal] } },
  }
  const { container } = stage(
    <FilledForm fields={[pets]} row={row({ id: 'columns', answer: { pets: [{ animal: 'cat' }] } })} />,
  )
  expect(container.querySelector('.form-table > [aria-hidden]')?.textContent).toBe('animalIts kind')
})

// It was a tooltip of the label: not for the keyboard, not for a screen reader, and not for groups and lists at all.
test('a hint stands below the name, and is told of the field, the group and the list', () => {
  const hinted = (key: string, shape: Field['shape']): Field => ({ key, hint: `About ${key}`, required: false, shape })
  const fields = [
    hinted('town', { kind: 'text' }),
    hinted('paid', { kind: 'yes-no' }),
    hinted('place', { kind: 'group', fields: [hinted('street', { kind: 'text' })] }),
    hinted('tags', { kind: 'list', item: { kind: 'text' } }),
    hinted('rest', { kind: 'other', schema: { type: 'object' } }),
  ]
  const { container } = stage(<FilledForm fields={fields} row={row({ id: 'nine a', answer: { place: {} } })} />)
  const about = (element: Element) => {
    const ids = element.getAttribute('aria-describedby')?.split(' ') ?? []
    return ids.map(id => container.ownerDocument.getElementById(id)?.textContent)
  }
  for (const key of ['town', 'street', 'rest']) expect(about(screen.getByLabelText(key))).toEqual([`About ${key}`])
  expect(about(screen.getByRole('radiogroup', { name: 'paid' }))).toEqual(['About paid'])
  for (const key of ['place', 'tags']) expect(about(screen.getByRole('group', { name: key }))).toEqual([`About ${key}`])
})

// Of each entry there was a cross to remove it, and nothing else.
test('entries of a list that fields cannot say are drawn as JSON, named by their list', async () => {
  const item = { kind: 'other', schema: { anyOf: [{ type: 'string' }, { type: 'number' }] } } as const
  const tags: Field = { key: 'tags', required: false, shape: { kind: 'list', item } }
  stage(<FilledForm fields={[tags]} row={row({ id: 'ten', answer: { tags: ['a', 7] } })} />)
  const entries = ['tags-1', 'tags-2'].map(name => screen.getByLabelText(name) as HTMLTextAreaElement)
  expect(entries.map(({ value }) => value)).toEqual(['"a"', '7'])
  fireEvent.change(screen.getByLabelText('tags-2'), { target: { value: '8' } })
  await expect.poll(() => hearth.inputsOf('forms.correct').at(-1)).toMatchObject({ answer: { tags: ['a', 8] } })
})
