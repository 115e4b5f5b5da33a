// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Form, FormRow } from '../../../../preload/contract.ts'
import { ResultsTable } from '../../../../renderer/features/forms/results/results-table.tsx'
import { changeLanguage } from '../../../../renderer/i18n/i18n.ts'
import { aForm, aRow, installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

// It draws what is in sight, and here nothing has a height.
vi.mock('virtua', () => ({
  Virtualizer: ({ data, children }: { data: readonly { id: string }[]; children: (row: never) => ReactNode }) => (
    <tbody>
      {data.map(row => (
        <tr key={row.id}>{children(row as never)}</tr>
      ))}
    </tbody>
  ),
}))

const row = (name: string, at: number): FormRow =>
  aRow({ id: `r${at}`, source: { kind: 'text', name, excerpt: '', pictures: [] } })

// By the codes of their letters the tenth page stood before the second, and Zeta before alpha.
test('sources are sorted as the language sorts them, numbers by their size', async () => {
  installHearth()
  const rows = ['page 10', 'Zeta', 'page 2', 'alpha'].map(row)
  stage(<ResultsTable form={{ id: 'f' } as Form} fields={[]} rows={rows} openId={null} onOpen={() => undefined} />)
  await userEvent.click(screen.getByRole('button', { name: 'Source' }))
  const shown = screen.getAllByRole('row').slice(1)
  expect(shown.map(({ textContent }) => textContent?.replace('Done', ''))).toEqual([
    'alpha',
    'page 2',
    'page 10',
    'Zeta',
  ])
})

// The row lit up under the pointer, and only its first cell did anything.
test('a press on any of its values opens a row, unless it has marked some of it', async () => {
  installHearth()
  const rows = [{ ...row('Ada', 0), answer: { town: 'Ulm' } }]
  const fields = [{ key: 'town', required: true, shape: { kind: 'text' as const } }]
  const opened: string[] = []
  stage(<ResultsTable form={aForm()} fields={fields} rows={rows} openId={null} onOpen={id => void opened.push(id)} />)
  const town = screen.getByRole('cell', { name: 'Ulm' })
  await userEvent.click(town)
  expect(opened).toEqual(['r0'])
  getSelection()?.selectAllChildren(town)
  fireEvent.click(town)
  expect(opened).toEqual(['r0'])
})

// The table keeps what it has read of a row: below columns in another language, yes and no stayed in the one before.
test('yes and no are read anew in another language', async () => {
  installHearth()
  const rows = [{ ...row('Ada', 0), answer: { paid: true } }]
  const fields = [{ key: 'paid', required: true, shape: { kind: 'yes-no' as const } }]
  stage(<ResultsTable form={{ id: 'f' } as Form} fields={fields} rows={rows} openId={null} onOpen={() => undefined} />)
  expect(screen.getByRole('cell', { name: 'Yes' })).toBeTruthy()
  onTestFinished(() => changeLanguage('en'))
  await act(() => changeLanguage('zh-CN'))
  expect(screen.getByRole('cell', { name: '是' })).toBeTruthy()
})

// Beside an open row a narrow window shows no table: the menu of its button stood in a corner.
test('the menu of exports is closed when the window becomes too narrow for its button', async () => {
  installHearth()
  stage(<ResultsTable form={aForm()} fields={[]} rows={[row('a', 0)]} openId="r0" onOpen={() => undefined} />)
  const button = screen.getByRole('button', { name: 'Export' })
  // Nothing is laid out here.
  const boxes = vi.spyOn(button, 'getClientRects')
  const resizedTo = (count: number) => {
    boxes.mockReturnValue(Array.from({ length: count }) as unknown as DOMRectList)
    act(() => void window.dispatchEvent(new Event('resize')))
  }
  button.focus()
  await userEvent.keyboard('{Enter}')
  const items = () => screen.queryAllByRole('menuitem').length
  await expect.poll(items).toBe(3)
  resizedTo(1)
  expect(items()).toBe(3)
  resizedTo(0)
  await expect.poll(items).toBe(0)
})
