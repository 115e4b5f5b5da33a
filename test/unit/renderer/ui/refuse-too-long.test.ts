// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { startTexts } from '../../../../renderer/i18n/i18n.ts'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { refuseTooLong } from '../../../../renderer/ui/refuse-too-long.ts'

await startTexts('en')
refuseTooLong()
beforeEach(() => {
  useToasts.setState({ toasts: [] })
})

/** Whether a field takes a text in the place of what is selected. */
function takes(field: HTMLTextAreaElement | HTMLInputElement, data: string): boolean {
  document.body.append(field)
  return field.dispatchEvent(
    new InputEvent('beforeinput', { inputType: 'insertFromPaste', data, bubbles: true, cancelable: true }),
  )
}

function area(maxLength: number | undefined, value: string, selected: number): HTMLTextAreaElement {
  const field = document.createElement('textarea')
  if (maxLength !== undefined) field.maxLength = maxLength
  field.value = value
  field.setSelectionRange(value.length - selected, value.length)
  return field
}

test('what a field has room for is put in: in the place of what is selected, and a line end as one', () => {
  expect(takes(area(10, 'abcdef', 0), '1234')).toBe(true)
  expect(takes(area(10, 'abcdef', 2), '123456')).toBe(true)
  expect(takes(area(10, 'abcdef', 0), '1\r\n34')).toBe(true)
  expect(takes(area(undefined, 'abcdef', 0), '1'.repeat(100))).toBe(true)
  expect(useToasts.getState().toasts).toEqual([])
})

test('what it has no room for is refused with both numbers, a single letter without a word', () => {
  expect(takes(area(10, 'abcdef', 0), '12345')).toBe(false)
  expect(useToasts.getState().toasts.at(-1)).toMatchObject({ text: 'app.tooLong', values: { length: '5', room: '4' } })
  expect(takes(area(6, 'abcdef', 0), '1')).toBe(true)
  expect(useToasts.getState().toasts).toHaveLength(1)
})
