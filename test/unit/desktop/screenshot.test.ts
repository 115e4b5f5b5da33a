import { expect, test } from 'vitest'
import { type ScreenSystem, Screenshots } from '../../../main/desktop/screenshot.ts'

/** A desktop that tells what happened on it, in order. */
function desktop(over: Partial<ScreenSystem> = {}) {
  const happened: string[] = []
  const screenshots = new Screenshots({
    isRefused: () => false,
    isAsked: async () => true,
    displayId: () => '2',
    hideWindows: async () => {
      happened.push('hidden')
      return () => happened.push('shown')
    },
    capture: async () => {
      happened.push('captured')
      return [
        { displayId: '1', png: new Uint8Array([1]) },
        { displayId: '2', png: new Uint8Array([2]) },
      ]
    },
    ...over,
  })
  return { screenshots, happened }
}

// Hearth in its own picture covers what the person wants to show.
test('the screen the person is at is taken while the windows are hidden', async () => {
  const { screenshots, happened } = desktop()
  expect(await screenshots.take()).toEqual(new Uint8Array([2]))
  expect(happened).toEqual(['hidden', 'captured', 'shown'])
})

// On Linux displays have no names; the only one is the one.
test('a screen without a name is taken', async () => {
  const { screenshots } = desktop({ capture: async () => [{ displayId: '', png: new Uint8Array([7]) }] })
  expect(await screenshots.take()).toEqual(new Uint8Array([7]))
})

// A window that stays hidden after a refusal is a Hearth that has vanished.
test.each([
  ['throws', async () => Promise.reject(new Error('Failed to get sources.'))],
  ['gives nothing', async () => []],
  ['gives an empty picture', async () => [{ displayId: '2', png: new Uint8Array() }]],
])('a system that %s has refused, and the windows are back', async (_, capture) => {
  const { screenshots, happened } = desktop({ capture })
  await expect(screenshots.take()).rejects.toMatchObject({ code: 'screen-refused' })
  expect(happened).toEqual(['hidden', 'shown'])
})

test('where the system is known to refuse, nothing flickers', async () => {
  const { screenshots, happened } = desktop({ isRefused: () => true })
  await expect(screenshots.take()).rejects.toMatchObject({ code: 'screen-refused' })
  expect(happened).toEqual([])
})

// A script that got into the page could watch the person's screen.
test('without a click or a key, nothing is taken', async () => {
  const { screenshots, happened } = desktop({ isAsked: async () => false })
  await expect(screenshots.take()).rejects.toMatchObject({ code: 'screen-refused' })
  expect(happened).toEqual([])
})

// The second would take the windows for hidden by the person, and leave them so.
test('asked twice at once, one is taken; afterwards the next is a new one', async () => {
  const { screenshots, happened } = desktop()
  await Promise.all([screenshots.take(), screenshots.take()])
  expect(happened).toEqual(['hidden', 'captured', 'shown'])
  await screenshots.take()
  expect(happened).toHaveLength(6)
})
