import { SquareTerminalIcon } from 'lucide-react'
import type { Action } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { go } from '../../state/place.ts'
import { showToast } from '../../state/toasts.ts'
import { changeCommand } from './command-store.ts'

export const commandAction: Action = {
  id: 'install-command',
  name: 'command.action',
  icon: SquareTerminalIcon,
  when: () => useAppInfo.getState().laysCommand,
  async perform() {
    const command = await changeCommand('command.install')
    if (command?.laid !== 'this') return
    if (command.works) showToast({ text: 'command.installed' })
    else {
      const action = { label: 'command.toSettings', perform: () => go({ kind: 'settings' }) } as const
      showToast({ text: 'command.installedOffPath', action })
    }
  },
}
