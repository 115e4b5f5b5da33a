// @vitest-environment happy-dom

import { act, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Field } from '../../../../forms/field.ts'
import { inputSchema } from '../../../../forms/form-schema.ts'
import type { FormRow } from '../../../../preload/contract.ts'
import {
  areSound,
  moved,
  renamed,
  tidied,
  troubleOf,
} from '../../../../renderer/features/forms/builder/field-changes.ts'
import { FilledForm } from '../../../../renderer/features/forms/fill/filled-form.tsx'
import { isSound } from '../../../../renderer/features/forms/fill/validator.ts'
import { compareValues, holds, wanted } from '../../../../renderer/features/forms/results/order.ts'
import { changeLanguage } from '../../../../renderer/i18n/i18n.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

let hearth: FakeHearth
beforeEach(() => {
  hearth = installHearth()
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

const row = (over: Partial<FormRow> = {}): FormRow => ({
  ...{ id: 'r', formId: 'f', state: 'done', corrected: false, problem: null, model: 'tiny', createdAt: 0 },
  source: { kind: 'text', name: '', excerpt: '', pictures: [] },
  answer: { shop: script, stars: null, rest: 7 },
  ...{ loading: null, written: '' },
  ...over,
})

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
      .toEqual([{ rowId: 'r', answer: { shop: script, stars: 4, rest: 7 } }])
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
    await expect.poll(() => hearth.inputsOf('forms.correct')).toEqual([{ rowId: 'two', answer: saved }])
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

  test('takes an amount as it is written here and there', async () => {
    const total: Field = { key: 'total', required: false, shape: { kind: 'number', whole: false } }
    stage(<FilledForm fields={[total]} row={row({ id: 'three', answer: { total: 1 } })} />)
    const box = screen.getByLabelText('total')
    fireEvent.change(box, { target: { value: '1.234,50 €' } })
    expect(await screen.findByText('Write a number, such as 12.5 or 12,50.')).toBeTruthy()
    fireEvent.blur(box)
    await expect.poll(() => hearth.inputsOf('forms.correct')).toEqual([{ rowId: 'three', answer: { total: 1234.5 } }])
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
  const matches = (text: string, words: string) => holds(text, wanted(words))
  expect([matches('Bäckerei', ' BACK '), matches('ＡＢＣ', 'abc'), matches('Lidl', 'aldi')]).toEqual([
    true,
    true,
    false,
  ])
  expect([matches('LIDL', 'lídl'), matches('anything', ' ')]).toEqual([true, true])
})
