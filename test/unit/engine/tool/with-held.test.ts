import { expect, test } from 'vitest'
import { withHeld } from '../../../../main/engine/tool/with-held.ts'

const free = { ram: 6, vram: 1, isUnified: false, totalVram: 8 }

// A model in use was told not to fit, as it held the memory it needs.
test('what models of ours hold counts as free, and never for more than there is', () => {
  expect(withHeld(free, { ram: 5, vram: 4 }, 16)).toMatchObject({ ram: 11, vram: 5 })
  expect(withHeld(free, { ram: 12, vram: 20 }, 16)).toMatchObject({ ram: 16, vram: 8 })
})

test('memory that graphics and processor share comes back to both', () => {
  expect(withHeld({ ...free, isUnified: true }, { ram: 0, vram: 4 }, 16)).toMatchObject({ ram: 10, vram: 5 })
})

// A limit of a container may leave more free than the machine is said to have.
test('nothing is taken away', () => {
  expect(withHeld({ ...free, ram: 20 }, { ram: 0, vram: 0 }, 16).ram).toBe(20)
})
