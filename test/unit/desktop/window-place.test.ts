import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rememberedPlace, rememberPlace } from '../../../main/desktop/window-place.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: 0, width: 1920, height: 1040 }
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-place-test-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const file = () => join(folder, 'window.json')

test('the window comes back to where it was', async () => {
  const place = { bounds: { x: 2000, y: 100, width: 900, height: 700 }, maximized: true }
  await rememberPlace(file(), place)
  expect(rememberedPlace(file(), [screen, second])).toEqual(place)
})

// A window opened outside every screen looks like an app that does not start.
test.each([
  ['on a screen that is gone', { x: 2000, y: 100, width: 900, height: 700 }],
  ['with its title bar above the screen', { x: 100, y: -200, width: 900, height: 700 }],
  ['all but out of sight', { x: 1900, y: 100, width: 900, height: 700 }],
  ['smaller than it can be used', { x: 100, y: 100, width: 20, height: 20 }],
])('a place %s is forgotten', async (_, bounds) => {
  await rememberPlace(file(), { bounds, maximized: false })
  expect(rememberedPlace(file(), [screen])).toBeUndefined()
})

test.each(['', '{', 'null', '[]', '{"bounds":{"x":"1"}}', '{"bounds":null,"maximized":1}'])(
  'a file holding %j counts as none',
  text => {
    writeFileSync(file(), text)
    expect(rememberedPlace(file(), [screen])).toBeUndefined()
  },
)

test('without a file there is no place', () => {
  expect(rememberedPlace(join(folder, 'none.json'), [screen])).toBeUndefined()
})
