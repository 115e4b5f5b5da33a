import { create } from 'zustand'
import type { TextKey } from '../i18n/texts.ts'

/** A short message that goes away by itself, with at most one thing to do about it. Put into words when it is drawn. */
export interface Toast {
  readonly id: number
  readonly text: TextKey
  /** What follows it. */
  readonly more?: TextKey
  /** What the texts name. */
  readonly values?: Readonly<Record<string, string>>
  readonly action?: { readonly label: TextKey; readonly perform: () => void }
  /** The id of what it takes back. */
  readonly about?: string
}

export const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))

let nextId = 1

/** Shows a toast; at most three stand at once, the oldest leaves first. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), { ...toast, id: nextId++ }] }))
}

export function closeToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter(toast => toast.id !== id) }))
}

/** Closes those that would take back what is back, or gone for good. */
export function closeToastsAbout(ids: readonly string[]): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter(({ about }) => !about || !ids.includes(about)) }))
}

/** Letters of a name that a toast has room for. */
const room = 40

/** A name as a toast says it. */
export const shortened = (name: string) => (name.length > room ? `${name.slice(0, room).trimEnd()}…` : name)
