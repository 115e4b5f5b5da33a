// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import type { Form, FormRow } from '../../../../preload/contract.ts'
import { ResultsTable } from '../../../../renderer/features/forms/results/results-table.tsx'
import { installHearth } from '../fake-hearth.ts'
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

const row = (name: string, at: number): FormRow => ({
  ...{ id: `r${at}`, formId: 'f', state: 'done', corrected: false, problem: null, model: 'tiny', createdAt: 0 },
  source: { kind: 'text', name, excerpt: '', pictures: [] },
  ...{ answer: null, loading: null, written: '' },
})

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
