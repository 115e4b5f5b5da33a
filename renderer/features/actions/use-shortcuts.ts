import { useEffect } from 'react'
import { type Action, matchesShortcut } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { perform } from '../../state/perform.ts'

/** Listens for the actions' shortcuts. A press that a menu or a field has taken for itself is left alone. */
export function useShortcuts(actions: readonly Action[]): void {
  const platform = useAppInfo(info => info.platform)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const action = actions.find(({ shortcut }) => shortcut && matchesShortcut(shortcut, event, platform))
      if (!action || !(action.when?.() ?? true)) return
      event.preventDefault()
      perform(action, undefined)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [actions, platform])
}
