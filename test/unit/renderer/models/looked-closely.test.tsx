// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import type { Fit } from '../../../../preload/contract.ts'
import { useDiscover } from '../../../../renderer/features/models/discover/discover-store.ts'
import { SizeRow } from '../../../../renderer/features/models/discover/size-row.tsx'
import { installHearth, problem } from '../fake-hearth.ts'
import { stage } from '../stage.tsx'

beforeEach(() => useDiscover.setState({ looked: {} }))

// The sentence stood in the place of the estimate for good, and the button to look again was gone.
test('a look at a model that failed keeps what was expected of it, and can be taken again', async () => {
  let asked = 0
  installHearth({
    'models.fit': () => {
      asked += 1
      throw problem('registry')
    },
  })
  const fit: Fit = {
    verdict: 'well' as const,
    exact: false,
    computedBy: 'processor' as const,
    wordsPerSecond: 20,
    contextSize: 4096,
    download: 3e9,
    diskFree: 9e9,
    needed: 4e9,
    free: 8e9,
    total: 16e9,
  }
  stage(<SizeRow size={{ model: 'gemma3:4b', parameters: 4.3, bytes: 3e9, fit }} chats />)
  const check = () => screen.findByRole('button', { name: 'Check whether gemma3:4b runs here' })
  await userEvent.click(await check())
  expect(await screen.findByText(/Is this computer on the internet\?/)).toBeTruthy()
  expect(screen.getByText(/Comfortable: about/)).toBeTruthy()
  await userEvent.click(await check())
  expect(asked).toBe(2)
})
