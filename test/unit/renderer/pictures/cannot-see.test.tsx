// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { useDiscover } from '../../../../renderer/features/models/discover/discover-store.ts'
import { CannotSee } from '../../../../renderer/features/pictures/cannot-see.tsx'
import { usePlace } from '../../../../renderer/state/place.ts'
import { installHearth } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

const find = () => screen.queryByRole('button', { name: 'Find one that sees' })
const draw = () => stage(<CannotSee model="tiny" where="question" onUse={() => undefined} />)

// "No model on this computer can" was the end of the way.
test('where no model sees, the way to those that do is one click', async () => {
  installHearth()
  draw()
  await userEvent.click(find() as HTMLElement)
  expect(usePlace.getState().place).toEqual({ kind: 'models', view: 'discover' })
  expect(useDiscover.getState().wish).toBe('pictures')
})

// It has no other place: the question would be gone from sight.
test('the small window over other programs leads nowhere else', () => {
  Object.defineProperty(installHearth(), 'window', { value: 0 })
  draw()
  expect(find()).toBeNull()
})
