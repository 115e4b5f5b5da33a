import { expect, test } from 'vitest'
import { hearthHome } from '../../../main/settings/home.ts'

test('HEARTH_HOME comes first and becomes absolute, so that a later change of folder does not move the data', () => {
  expect(hearthHome({ HEARTH_HOME: '/data/hearth', XDG_DATA_HOME: '/x' }, 'linux', '/home/lena')).toBe('/data/hearth')
  expect(hearthHome({ HEARTH_HOME: 'here' }, 'linux', '/home/lena')).toBe(`${process.cwd()}/here`)
})

test('an empty HEARTH_HOME is not the current folder', () => {
  expect(hearthHome({ HEARTH_HOME: '' }, 'linux', '/home/lena')).toBe('/home/lena/.local/share/hearth')
})

test.each([
  ['linux', {}, '/home/lena', '/home/lena/.local/share/hearth'],
  ['linux', { XDG_DATA_HOME: '/mnt/data' }, '/home/lena', '/mnt/data/hearth'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/lena', '/home/lena/.local/share/hearth'],
  ['darwin', { XDG_DATA_HOME: '/mnt/data' }, '/Users/lena', '/Users/lena/Library/Application Support/Hearth'],
  ['win32', { APPDATA: 'D:\\Roaming' }, 'C:\\Users\\lena', 'D:\\Roaming\\Hearth'],
  ['win32', {}, 'C:\\Users\\lena', 'C:\\Users\\lena\\AppData\\Roaming\\Hearth'],
] as const)('%s with %o keeps the data where that platform keeps it', (platform, env, home, expected) => {
  expect(hearthHome(env, platform, home)).toBe(expected)
})
