import { SearchIcon } from 'lucide-react'
import type { Action } from '../../state/action.ts'
import { showSidebar } from '../history/sidebar-state.ts'

/** Where the search field is, once the sidebar that holds it is drawn. */
const field = () => document.querySelector<HTMLInputElement>('#search')

export const searchAction: Action = {
  id: 'search',
  name: 'search.label',
  icon: SearchIcon,
  shortcut: 'Mod+Shift+F',
  perform: async () => {
    await showSidebar()
    // The sidebar is drawn with the next frame.
    requestAnimationFrame(() => field()?.select())
  },
}
