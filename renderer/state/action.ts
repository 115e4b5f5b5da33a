import type { LucideIcon } from 'lucide-react'
import type { TextKey } from '../i18n/texts.ts'

/**
 * One thing a person can do. Menus, buttons, shortcuts and their help are all drawn from these, so each is named,
 * pictured and bound once. `Subject` is what it is done to: nothing, a conversation, a message.
 */
export interface Action<Subject = void> {
  readonly id: string
  readonly name: TextKey
  readonly icon: LucideIcon
  /** Keys joined by +, e.g. `Mod+Shift+N`; Mod is Command on a Mac and Ctrl elsewhere. */
  readonly shortcut?: string
  /** Destroys something; shown in rose. */
  readonly danger?: boolean
  /** Whether it can be done now; always, when left out. */
  readonly when?: (subject: Subject) => boolean
  /** Why it has to wait; it is shown all the same, with this. Nothing, when left out. */
  readonly blocked?: (subject: Subject) => TextKey | undefined
  readonly perform: (subject: Subject) => void | Promise<void>
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Whether the press is the shortcut on this platform (`process.platform` names). */
export function matchesShortcut(shortcut: string, press: KeyPress, platform: string): boolean {
  const parts = shortcut.split('+')
  const key = parts.at(-1) ?? ''
  const mod = parts.includes('Mod')
  const mac = platform === 'darwin'
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    press.metaKey === (mod && mac) &&
    press.ctrlKey === (mod && !mac) &&
    press.shiftKey === parts.includes('Shift') &&
    press.altKey === parts.includes('Alt')
  )
}

/** The shortcut as this platform writes it: ⌘N, Ctrl+N. */
export function shortcutLabel(shortcut: string, platform: string): string {
  const parts = shortcut.split('+').map(part => part.replace('Escape', 'Esc').replace('Delete', 'Del'))
  if (platform !== 'darwin') return parts.map(part => (part === 'Mod' ? 'Ctrl' : part)).join('+')
  const symbols: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' }
  return parts.map(part => symbols[part] ?? part).join('')
}
