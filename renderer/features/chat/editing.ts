import { create } from 'zustand'

/** The question that is being edited; null when none is. */
export const useEditing = create<{ messageId: string | null }>(() => ({ messageId: null }))

export const startEditing = (messageId: string) => useEditing.setState({ messageId })

export const stopEditing = () => useEditing.setState({ messageId: null })
