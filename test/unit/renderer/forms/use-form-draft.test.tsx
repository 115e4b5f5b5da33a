// @vitest-environment happy-dom

import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Field } from '../../../../forms/field.ts'
import type { Form } from '../../../../preload/contract.ts'
import { type DraftForm, useFormDraft } from '../../../../renderer/features/forms/use-form-draft.ts'
import { installHearth } from '../fake-hearth.ts'
import { settle } from '../stage.tsx'

const form = { id: 'f', name: '', instructions: '', fields: [], updatedAt: 1 } as unknown as Form
const field = (key: string): Field => ({ key, required: true, shape: { kind: 'text' } })

/** The hook with a form as main tells it, and told anew. */
function drafted(first: Partial<Form> = {}) {
  let revision = first.updatedAt ?? 1
  const hearth = installHearth({ 'forms.change': () => ({ updatedAt: ++revision }) })
  const { result, rerender } = renderHook(({ form }) => useFormDraft(form), {
    initialProps: { form: { ...form, ...first } },
  })
  return {
    hearth,
    result,
    tell: (over: Partial<Form>) => rerender({ form: { ...form, ...first, ...over } }),
    change: (over: object) => act(() => result.current.change(before => ({ ...before, ...over }))),
    save: () => act(() => result.current.save()),
  }
}

// Each save wrote the whole form: whoever typed into an old window wiped what was made in another.
test('only what was changed is written, and what another window changed is taken over', async () => {
  const { hearth, result, tell, change, save } = drafted()
  change({ name: 'Pets' })
  tell({ fields: [field('age')], name: 'Animals', updatedAt: 2 })
  expect(result.current.draft).toMatchObject({ name: 'Pets', fields: [{ key: 'age' }] })
  await save()
  expect(hearth.inputsOf('forms.change')).toEqual([{ formId: 'f', name: 'Pets' }])
  tell({ fields: [field('age')], name: 'Beasts', updatedAt: 9 })
  expect(result.current.draft.name).toBe('Beasts')
})

test('what main told before it had the last change takes nothing back', async () => {
  const { result, tell, change, save } = drafted({ updatedAt: 5 })
  change({ name: 'Pets ' })
  await save()
  tell({ updatedAt: 5 })
  expect(result.current.draft.name).toBe('Pets ')
  // Its echo: nobody's change, and the space that is being typed stays.
  tell({ name: 'Pets', updatedAt: 6 })
  expect(result.current.draft.name).toBe('Pets ')
})

test('a field that cannot be asked for yet is kept here, over what another window changes', async () => {
  const { hearth, result, tell, change, save } = drafted()
  change({ fields: [field('')], instructions: 'Briefly.' })
  await save()
  expect(hearth.inputsOf('forms.change')).toEqual([{ formId: 'f', instructions: 'Briefly.' }])
  tell({ fields: [field('age')], instructions: 'Briefly.', updatedAt: 3 })
  expect(result.current.draft.fields).toEqual([field('')])
  // In whatever order main writes keys.
  change({ fields: [{ shape: { kind: 'text' }, required: true, key: 'age' }] })
  await save()
  expect(hearth.inputsOf('forms.change')).toHaveLength(1)
})

test('who only looks writes nothing', async () => {
  const { hearth, save } = drafted({ name: ' as it came ', fields: [field(' x ')] })
  await save()
  expect(hearth.inputsOf('forms.change')).toEqual([])
})

// Ctrl+Enter right after the last letter ran the form as it had been before: its save was on the way, and was
// overtaken.
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
