import { PanelLeftIcon } from 'lucide-react'
import { create } from 'zustand'
import type { Action } from '../../state/action.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'

/** Below this width the sidebar is a rail, and the wide form lies over the chat while it is used. */
export const narrowWindow = '(width < 56rem)'

/** Whether the wide form lies over a narrow window. */
export const useSidebarOverlay = create<{ open: boolean }>(() => ({ open: false }))

export const closeSidebarOverlay = () => useSidebarOverlay.setState({ open: false })

/** Shows the wide form, wherever the window keeps it. */
export async function showSidebar(): Promise<void> {
  if (matchMedia(narrowWindow).matches) useSidebarOverlay.setState({ open: true })
  else if (useSettings.getState().sidebarCollapsed) await changeSettings({ sidebarCollapsed: false })
}

export const sidebarAction: Action = {
  id: 'sidebar',
  name: 'app.sidebar',
  icon: PanelLeftIcon,
  shortcut: 'Mod+B',
  perform: () => {
    if (matchMedia(narrowWindow).matches) useSidebarOverlay.setState(({ open }) => ({ open: !open }))
    else return changeSettings({ sidebarCollapsed: !useSettings.getState().sidebarCollapsed })
  },
}
