// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { MakeDraft } from '../../../../../preload/contract.ts'
import { emptyDraft, keptOf } from '../../../../../renderer/features/models/making/draft.ts'
import { followDraft } from '../../../../../renderer/features/models/making/draft-keeping.ts'
import { changeDraft, forgetDraft, useDraft } from '../../../../../renderer/features/models/making/draft-store.ts'
import { type FakeHearth, installHearth, problem } from '../../fake-hearth.ts'

const kept: MakeDraft = {
  ...keptOf(emptyDraft),
  system: 'Be a pirate.',
  messages: [{ role: 'user', content: 'Ahoy!' }],
}

let hearth: FakeHearth
let full: boolean
beforeEach(async () => {
  full = false
  hearth = installHearth({
    'makings.draft': () => ({ draft: kept }),
    'makings.keepDraft': () => {
      if (full) throw problem('disk-full')
      return {}
    },
  })
  forgetDraft()
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const told = () => hearth.inputsOf('makings.keepDraft').map(({ draft }) => draft?.system)

it('goes on with what was kept, and keeps what is written once the person pauses, or at once when the window goes', async () => {
  await followDraft()
  expect(useDraft.getState().draft).toMatchObject({ system: 'Be a pirate.', messages: [{ content: 'Ahoy!' }] })
  changeDraft({ system: 'Be' })
  changeDraft({ system: 'Be brief.' })
  expect(told()).toEqual([])
  await vi.advanceTimersByTimeAsync(1000)
  expect(told()).toEqual(['Be brief.'])
  // A full disk: the next change brings all of it again.
  full = true
  changeDraft({ system: 'Be brief, please.' })
  window.dispatchEvent(new Event('pagehide'))
  await vi.advanceTimersByTimeAsync(1000)
  full = false
  window.dispatchEvent(new Event('pagehide'))
  expect(told()).toEqual(['Be brief.', 'Be brief, please.', 'Be brief, please.'])
  forgetDraft()
  await vi.advanceTimersByTimeAsync(1000)
  expect(hearth.inputsOf('makings.keepDraft').at(-1)).toEqual({ draft: null })
})

it('leaves alone what is being described already', async () => {
  changeDraft({ system: 'Be kind.' })
  await followDraft()
  expect(useDraft.getState().draft.system).toBe('Be kind.')
})
