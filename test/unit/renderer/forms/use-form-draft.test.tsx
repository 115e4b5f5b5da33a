// @vitest-environment happy-dom

import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Form } from '../../../../preload/contract.ts'
import { type DraftForm, useFormDraft } from '../../../../renderer/features/forms/use-form-draft.ts'
import { installHearth } from '../fake-hearth.ts'
import { settle } from '../stage.tsx'

const form = { id: 'f', name: '', instructions: '', fields: [] } as unknown as Form

// Ctrl+Enter right after the last letter ran the form as it had been before: its save was on the way, and was overtaken.
test('a save waits for the one that is under way, and they come in the order made', async () => {
  const answer: (() => void)[] = []
  const hearth = installHearth({
    'forms.change': () => new Promise(resolve => void answer.push(() => resolve({} as never))),
  })
  const { result } = renderHook(() => useFormDraft(form))
  const draft = (): DraftForm => result.current
  let saved = 0
  const save = () =>
    act(
      async () =>
        void draft()
          .save()
          .then(() => (saved += 1)),
    )
  const name = (name: string) => act(() => draft().change(before => ({ ...before, name })))
  name('Pe')
  await save()
  await save()
  name('Pets')
  await save()
  const names = () => hearth.inputsOf('forms.change').map(({ name }) => name)
  expect([names(), saved]).toEqual([['Pe'], 0])
  await act(async () => {
    answer.shift()?.()
    await settle()
  })
  // The second had nothing to wait for but the first; the newest name is on its way, and not there.
  expect(names()).toEqual(['Pe', 'Pets'])
  expect(saved).toBe(1)
  await act(async () => {
    answer.shift()?.()
    await settle()
  })
  expect(saved).toBe(3)
  expect(names()).toEqual(['Pe', 'Pets'])
})

test('what could not be saved is tried again with the next save', async () => {
  const hearth = installHearth({
    'forms.change': () => Promise.reject({ code: 'disk-full', message: '', details: '' }),
  })
  const { result } = renderHook(() => useFormDraft(form))
  act(() => result.current.change(before => ({ ...before, name: 'Pets' })))
  await act(() => expect(result.current.save()).rejects.toMatchObject({ problem: { code: 'disk-full' } }))
  expect(result.current.problem?.code).toBe('disk-full')
  hearth.answers['forms.change'] = () => ({}) as never
  await act(() => result.current.save())
  expect(result.current.problem).toBeNull()
  expect(hearth.inputsOf('forms.change')).toHaveLength(2)
})
