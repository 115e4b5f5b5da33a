import { create } from 'zustand'
import type { CallOutput } from '../../../preload/contract.ts'
import type { TextKey } from '../../i18n/texts.ts'
import { call } from '../../state/bridge.ts'
import { showMessage } from '../../state/jump.ts'
import { go } from '../../state/place.ts'
import { closeToastsAbout, showToast } from '../../state/toasts.ts'

export type DeletedChat = CallOutput<'trash.list'>[number]
/** Messages of a chat that were deleted together. */
export type DeletedMessages = CallOutput<'trash.messages'>[number]
export type DeletedForm = CallOutput<'forms.trash'>['forms'][number]
/** Results of a form that were deleted together. */
export type DeletedRows = CallOutput<'forms.trash'>['rows'][number]

/** What is in the trash, the last deleted first. */
export interface Trash {
  readonly chats: readonly DeletedChat[]
  readonly messages: readonly DeletedMessages[]
  readonly forms: readonly DeletedForm[]
  readonly rows: readonly DeletedRows[]
}

export const nothing: Trash = { chats: [], messages: [], forms: [], rows: [] }

/** Null before it is known. */
export const useTrash = create<{ trash: Trash | null }>(() => ({ trash: null }))

export const countOf = ({ chats, messages, forms, rows }: Trash): number =>
  chats.length + messages.length + forms.length + rows.length

export async function refreshTrash(): Promise<void> {
  const [chats, messages, { forms, rows }] = await Promise.all([
    call('trash.list', {}),
    call('trash.messages', {}),
    // Forms that cannot be read now say so at their own place.
    call('forms.trash', {}).catch(() => nothing),
  ])
  useTrash.setState({ trash: { chats, messages, forms, rows } })
}

/** Takes a chat out of the trash. */
export async function takeBack({ id }: DeletedChat): Promise<void> {
  await call('conversations.restore', { conversationId: id })
  await tookBack('trash.restored', [id], () => go({ kind: 'chat', conversationId: id }))
}

export async function takeMessagesBack({ messageIds, conversationId }: DeletedMessages): Promise<void> {
  await call('conversations.restoreMessages', { messageIds })
  const [first = ''] = messageIds
  const text = messageIds.length > 1 ? 'trash.messagesRestored' : 'trash.messageRestored'
  await tookBack(text, messageIds, () => showMessage(conversationId, first))
}

export async function takeFormBack({ id }: DeletedForm): Promise<void> {
  await call('forms.restore', { formId: id })
  await tookBack('trash.formRestored', [id], () => go({ kind: 'forms', formId: id }))
}

export async function takeRowsBack({ formId, rowIds }: DeletedRows): Promise<void> {
  await call('forms.restoreRows', { formId, rowIds })
  const text = rowIds.length > 1 ? 'trash.rowsRestored' : 'trash.rowRestored'
  await tookBack(text, rowIds, () => go({ kind: 'forms', formId }))
}

async function tookBack(text: TextKey, ids: readonly string[], open: () => void): Promise<void> {
  closeToastsAbout(ids)
  await refreshTrash()
  showToast({ text, action: { label: 'trash.open', perform: open } })
}

/** Removes things for good: those the person has seen, not what came into the trash since. */
export async function removeForGood({ chats, messages, forms, rows }: Trash): Promise<void> {
  const conversationIds = chats.map(({ id }) => id)
  const messageIds = messages.flatMap(deleted => deleted.messageIds)
  const formIds = forms.map(({ id }) => id)
  const rowIds = rows.flatMap(deleted => deleted.rowIds)
  try {
    if (conversationIds.length > 0) await call('trash.remove', { conversationIds })
    if (messageIds.length > 0) await call('trash.removeMessages', { messageIds })
    if (formIds.length + rowIds.length > 0) await call('forms.removeForGood', { formIds, rowIds })
    closeToastsAbout([...conversationIds, ...messageIds, ...formIds, ...rowIds])
  } finally {
    await refreshTrash()
  }
}
