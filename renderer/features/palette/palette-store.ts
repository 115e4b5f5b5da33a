import { CommandIcon } from 'lucide-react'
import { create } from 'zustand'
import type { Action } from '../../state/action.ts'

export const usePalette = create<{ open: boolean }>(() => ({ open: false }))

export const closePalette = () => usePalette.setState({ open: false })

export const paletteAction: Action = {
  id: 'palette',
  name: 'palette.title',
  icon: CommandIcon,
  shortcut: 'Mod+K',
  perform: () => usePalette.setState(({ open }) => ({ open: !open })),
}
