import { AppWindowIcon, BoxIcon, ClipboardListIcon, ServerIcon, SettingsIcon, SquarePenIcon } from 'lucide-react'
import type { Action } from '../../state/action.ts'
import { call } from '../../state/bridge.ts'
import { go } from '../../state/place.ts'
import { stopAction } from '../chat/actions.ts'
import { findAction } from '../chat/find/find-action.ts'
import { newChat } from '../chat/new-chat.ts'
import { commandAction } from '../command/command-action.ts'
import { sidebarAction } from '../history/sidebar-state.ts'
import { makeAction } from '../models/making/make-action.ts'
import { paletteAction } from '../palette/palette-store.ts'
import { quickAction } from '../quick/quick-action.ts'
import { searchAction } from '../search/search-action.ts'
import { trashAction } from '../trash/trash-action.ts'
import { tuningAction } from '../tuning/tuning-action.ts'

export const newChatAction: Action = {
  id: 'new-chat',
  name: 'app.newChat',
  icon: SquarePenIcon,
  shortcut: 'Mod+N',
  perform: newChat,
}

export const formsAction: Action = {
  id: 'forms',
  name: 'forms.title',
  icon: ClipboardListIcon,
  shortcut: 'Mod+Shift+E',
  perform: () => go({ kind: 'forms', formId: null }),
}

export const modelsAction: Action = {
  id: 'models',
  name: 'manage.title',
  icon: BoxIcon,
  shortcut: 'Mod+Shift+M',
  perform: () => go({ kind: 'models' }),
}

export const serverAction: Action = {
  id: 'server',
  name: 'server.title',
  icon: ServerIcon,
  shortcut: 'Mod+Shift+S',
  perform: () => go({ kind: 'server' }),
}

const newWindowAction: Action = {
  id: 'new-window',
  name: 'app.newWindow',
  icon: AppWindowIcon,
  shortcut: 'Mod+Shift+N',
  perform: async () => {
    await call('app.newWindow', {})
  },
}

export const settingsAction: Action = {
  id: 'settings',
  name: 'app.settings',
  icon: SettingsIcon,
  shortcut: 'Mod+,',
  perform: () => go({ kind: 'settings' }),
}

/**
 * Everything that can be done from anywhere in the window: the sidebar, the shortcuts and their list are drawn from it.
 */
export const windowActions: readonly Action[] = [
  newChatAction,
  newWindowAction,
  quickAction,
  paletteAction,
  searchAction,
  findAction,
  sidebarAction,
  tuningAction,
  formsAction,
  modelsAction,
  makeAction,
  trashAction,
  serverAction,
  settingsAction,
  commandAction,
  stopAction,
]
