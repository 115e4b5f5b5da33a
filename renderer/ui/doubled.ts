import type { MouseEvent } from 'react'

/** Whether it is the second press of a double click: of what is asked for once, it asks for no more. */
export const isDoubled = ({ detail }: MouseEvent): boolean => detail > 1
