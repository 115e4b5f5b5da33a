// @vitest-environment happy-dom

import { act, fireEvent, screen } from '@testing-library/react'
import { expect, onTestFinished, test } from 'vitest'
import type { Form } from '../../../../preload/contract.ts'
import { RowForm } from '../../../../renderer/features/forms/fill/row-form.tsx'
import { useForms } from '../../../../renderer/features/forms/forms-store.ts'
import { QueueBar } from '../../../../renderer/features/forms/results/queue-bar.tsx'
import { useToasts } from '../../../../renderer/state/toasts.ts'
import { aForm, aRow, installHearth } from '../fake-hearth.ts'
import { settle, stage } from '../stage.tsx'

// With 300 rows of last week the bar began at 99 %.
test('the bar tells how far the present batch is, and about how long it takes still', () => {
  installHearth()
  const bar = (over: Partial<Form>) => {
    const { unmount } = stage(<QueueBar form={aForm({ rows: 302, ...over })} rows={[]} model="tiny" />)
    const said = screen.getByRole('status').textContent
    const fraction = screen.getByRole('progressbar').getAttribute('value')
    unmount()
    return [said, fraction]
  }
  expect(bar({ waiting: 2, batch: 2 })).toEqual(['0 of 2 done', '0'])
  expect(bar({ waiting: 3, batch: 4, pace: 20_000 })).toEqual(['1 of 4 done · 1 min left', '25'])
  expect(bar({ waiting: 1, batch: 4, pace: 20_000, paused: true })).toEqual(['Paused: 3 of 4 done', '75'])
})

// On a full disk the queue stood at "0 of 2 done" for ever, and nothing said why.
test('the bar tells why the queue stands still', () => {
  installHearth()
  useForms.setState({ stuck: { code: 'disk-full', message: '' } })
  onTestFinished(() => useForms.setState({ stuck: null }))
  stage(<QueueBar form={aForm({ waiting: 2, batch: 2, pace: 20_000 })} rows={[]} model="tiny" />)
  expect(screen.getByRole('alert').textContent).toMatch(/^The disk is full\. The queue waits/)
  expect(screen.getByRole('status').textContent).toBe('0 of 2 done')
})

test('what a row held before it was filled again can be put back by the toast, and later on the row', async () => {
  const hearth = installHearth()
  const { unmount } = stage(<RowForm row={aRow({ answer: { n: 1 } })} fields={[]} model="tiny" />)
  expect(screen.queryByRole('button', { name: 'Back to the earlier answer' })).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Fill it again' }))
  await act(settle)
  const [toast] = useToasts.getState().toasts
  expect(toast?.text).toBe('forms.rowAgain')
  toast?.action?.perform()
  await act(settle)
  expect(hearth.inputsOf('forms.putBack')).toEqual([{ formId: 'f', rowIds: ['r'] }])
  unmount()
  stage(<RowForm row={aRow({ answer: { n: 2 }, earlier: true })} fields={[]} model="tiny" />)
  fireEvent.click(screen.getByRole('button', { name: 'Back to the earlier answer' }))
  await act(settle)
  expect(hearth.inputsOf('forms.putBack')).toHaveLength(2)
})

test('a row that held nothing is filled again without a word', async () => {
  useToasts.setState({ toasts: [] })
  installHearth()
  stage(<RowForm row={aRow({ state: 'failed' })} fields={[]} model="tiny" />)
  fireEvent.click(screen.getByRole('button', { name: 'Fill it again' }))
  await act(settle)
  expect(useToasts.getState().toasts).toEqual([])
})
