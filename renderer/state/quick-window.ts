/** Whether this is the small window over other programs, which has no place but the question. */
export const isQuickWindow = (): boolean => window.hearth.window === 0
