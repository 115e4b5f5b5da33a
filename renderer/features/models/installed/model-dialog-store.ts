import { create } from 'zustand'
import type { InstalledModel } from '../installed-model.ts'

type Matter = 'details' | 'copy' | 'rename' | 'delete'

/** Which matter of which model lies over the page; null for none. */
export const useModelDialog = create<{ open: { matter: Matter; model: InstalledModel } | null }>(() => ({ open: null }))

export const openModelDialog = (matter: Matter, model: InstalledModel) =>
  useModelDialog.setState({ open: { matter, model } })

export const closeModelDialog = () => useModelDialog.setState({ open: null })
