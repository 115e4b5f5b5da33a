import { describe, expect, it } from 'vitest'
import { matchesShortcut, shortcutLabel } from '../../../../renderer/state/action.ts'

const press = (key: string, over = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...over,
})

describe('a shortcut', () => {
  it('is Ctrl elsewhere and Command on a Mac', () => {
    expect(matchesShortcut('Mod+N', press('n', { ctrlKey: true }), 'linux')).toBe(true)
    expect(matchesShortcut('Mod+N', press('n', { metaKey: true }), 'darwin')).toBe(true)
    expect(matchesShortcut('Mod+N', press('n', { ctrlKey: true }), 'darwin')).toBe(false)
    expect(matchesShortcut('Mod+N', press('n', { metaKey: true }), 'win32')).toBe(false)
  })

  it('is not met with one key too many or too few', () => {
    expect(matchesShortcut('Mod+N', press('n'), 'linux')).toBe(false)
    expect(matchesShortcut('Mod+N', press('N', { ctrlKey: true, shiftKey: true }), 'linux')).toBe(false)
    expect(matchesShortcut('Mod+N', press('n', { ctrlKey: true, altKey: true }), 'linux')).toBe(false)
    expect(matchesShortcut('Mod+Shift+N', press('N', { ctrlKey: true, shiftKey: true }), 'linux')).toBe(true)
  })

  it('may be a single key', () => {
    expect(matchesShortcut('Escape', press('Escape'), 'linux')).toBe(true)
    expect(matchesShortcut('Mod+,', press(',', { ctrlKey: true }), 'linux')).toBe(true)
  })

  it('is written as the platform writes it', () => {
    expect(shortcutLabel('Mod+Shift+N', 'darwin')).toBe('⌘⇧N')
    expect(shortcutLabel('Mod+Shift+N', 'linux')).toBe('Ctrl+Shift+N')
    expect(shortcutLabel('Escape', 'linux')).toBe('Esc')
    expect(shortcutLabel('Delete', 'linux')).toBe('Del')
  })
})
