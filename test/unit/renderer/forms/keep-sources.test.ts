// @vitest-environment happy-dom

import { renderHook } from '@testing-library/react'
import { useEffect } from 'react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { FileSource, KeptSources } from '../../../../preload/contract.ts'
import { followSources, keptRevision } from '../../../../renderer/features/forms/fill/keep-sources.ts'
import { addSource, changeSources, listed, sourcesOf } from '../../../../renderer/features/forms/fill/sources-store.ts'
import { type FakeHearth, installHearth } from '../fake-hearth.ts'

const document = (name: string) => ({ kind: 'document' as const, name, hash: name })
const add = (formId: string, name: string) => addSource(formId, { source: document(name), remarks: [] })
const filesOf = (formId: string) => sourcesOf(formId).files.map(({ source }) => 'name' in source && source.name)

let revision = 0
let hearth: FakeHearth

/** Lets what was changed be kept. */
const rest = () => vi.advanceTimersByTimeAsync(1_000)
const written = () => hearth.inputsOf('forms.keepSources')
/** As main tells of it, also after another window's change. */
const tell = (text?: string, files?: FileSource[]) => {
  revision += 1
  hearth.emit('forms.sources', { text, files, revision })
}

beforeEach(() => {
  vi.useFakeTimers()
  revision = 0
  hearth = installHearth({
    'forms.keepSources': input => {
      if (input.revision !== revision) return { revision: null }
      revision += 1
      return { revision }
    },
  })
  return async () => {
    await rest()
    vi.useRealTimers()
  }
})

// A pasted letter, or 300 files listed one by one, was gone with a reload, a crash or a kill.
test('what is put beside a form is kept, and only what has changed', async () => {
  followSources('one')
  tell('')
  changeSources('one', { text: 'A lett' })
  changeSources('one', { text: 'A letter' })
  await rest()
  add('one', 'a.pdf')
  changeSources('one', { reading: 3 })
  await rest()
  expect(written()).toEqual([
    { formId: 'one', revision: 1, text: 'A letter', files: undefined },
    { formId: 'one', revision: 2, text: undefined, files: [document('a.pdf')] },
  ])
})

// Files that came quicker than the pause put it off to the end: of thousands, a kill lost all.
test('what comes all the time is kept meanwhile', async () => {
  followSources('many')
  tell('')
  for (let n = 0; n < 20; n += 1) {
    add('many', `${n}.pdf`)
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(written().length).toBeGreaterThan(3)
})

test('what was kept is there again, and what was put there before it came is not lost', async () => {
  followSources('two')
  add('two', 'new.pdf')
  tell('kept', [document('kept.pdf')])
  expect(sourcesOf('two').text).toBe('kept')
  expect(listed(sourcesOf('two')).slice(1)).toEqual([document('kept.pdf'), document('new.pdf')])
  await rest()
  expect(written().at(-1)?.files).toEqual([document('kept.pdf'), document('new.pdf')])
})

// Each window had what it found when the form was opened, and the last to write took away what the other had added.
test('what another window adds and takes away is seen here, beside what is not kept yet', async () => {
  followSources('three')
  tell('', [document('a.pdf'), document('b.pdf')])
  const [kept] = sourcesOf('three').files
  tell('theirs')
  tell(undefined, [document('a.pdf'), document('b.pdf'), document('c.pdf')])
  expect(sourcesOf('three').text).toBe('theirs')
  expect(sourcesOf('three').files[0]).toBe(kept)
  await rest()
  expect(written()).toEqual([])
  // Here b goes and d comes, there c goes and e comes.
  changeSources('three', { text: 'mine', files: sourcesOf('three').files.filter((_, index) => index !== 1) })
  add('three', 'd.pdf')
  tell('theirs', [document('a.pdf'), document('b.pdf'), document('e.pdf')])
  expect(filesOf('three')).toEqual(['a.pdf', 'e.pdf', 'd.pdf'])
  expect(sourcesOf('three').text).toBe('mine')
  await rest()
  const both: KeptSources = { text: 'mine', files: [document('a.pdf'), document('e.pdf'), document('d.pdf')] }
  expect(written()).toEqual([{ formId: 'three', revision: 4, ...both }])
})

// It was told no more of it, and what came was refused for ever: a kill lost it, and it was tried without end.
test('what comes after the form was left is kept, with what other windows make of it', async () => {
  renderHook(() => useEffect(() => followSources('left'), [])).unmount()
  tell('')
  tell(undefined, [document('theirs.pdf')])
  add('left', 'mine.pdf')
  await rest()
  expect(written()).toMatchObject([{ revision: 2, files: [document('theirs.pdf'), document('mine.pdf')] }])
  followSources('left')
  expect(hearth.streams).toHaveLength(1)
})

test('what another window was quicker with is taken over, and tried again with it', async () => {
  followSources('four')
  tell('', [])
  hearth.answers['forms.keepSources'] = input => {
    if (input.revision !== 1) return { revision: 4 }
    tell(undefined, [document('theirs.pdf')])
    tell('theirs')
    return { revision: null }
  }
  add('four', 'mine.pdf')
  await rest()
  expect(written().at(-1)).toMatchObject({ revision: 3, files: [document('theirs.pdf'), document('mine.pdf')] })
  expect(sourcesOf('four').text).toBe('theirs')
  expect(written()).toHaveLength(2)
})

test('what cannot be kept is tried again with the next change', async () => {
  followSources('five')
  tell('')
  const refuse = () => Promise.reject({ code: 'disk-full', message: '', details: '' })
  const take = hearth.answers['forms.keepSources']
  hearth.answers['forms.keepSources'] = refuse
  changeSources('five', { text: 'typed' })
  await rest()
  hearth.answers['forms.keepSources'] = take
  add('five', 'a.pdf')
  await rest()
  expect(written().at(-1)).toMatchObject({ text: 'typed', files: [document('a.pdf')] })
})

// Each of two windows that had the same list ran it, and all of its rows were there twice.
test('a run hands over what is kept by then: in a second window, what the first has not', async () => {
  followSources('six')
  tell('', [document('a.pdf'), document('b.pdf')])
  changeSources('six', { text: 'typed here' })
  expect(await keptRevision('six', -1)).toBe(2)
  expect(written()).toMatchObject([{ revision: 1, text: 'typed here' }])
  add('six', 'c.pdf')
  // Refused, as the other window has run it by now.
  revision = 3
  const kept = keptRevision('six', 2)
  await vi.advanceTimersByTimeAsync(10)
  hearth.emit('forms.sources', { text: '', files: [], revision })
  expect(await kept).toBe(4)
  expect(listed(sourcesOf('six'))).toEqual([document('c.pdf')])
  hearth.answers['forms.keepSources'] = () => Promise.reject({ code: 'disk-full', message: '', details: '' })
  add('six', 'd.pdf')
  await expect(keptRevision('six', -1)).rejects.toMatchObject({ problem: { code: 'disk-full' } })
})
