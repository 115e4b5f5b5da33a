import { i18next } from '../../i18n/i18n.ts'
import type { Action } from '../../state/action.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'

/** Has the application's menu show the actions, in the language of the moment. */
export function showInMenu(actions: readonly Action[]): void {
  const show = () =>
    attempt(async () => {
      const shown = actions.flatMap(({ name, shortcut }) => (shortcut ? { name: i18next.t(name), shortcut } : []))
      await call('app.setActions', { actions: shown })
    })
  i18next.on('languageChanged', show)
  show()
}
