import type { Conversation, Folder } from '../../../preload/contract.ts'
import { type DateGroup, groupByDate } from './date-groups.ts'

/** A part of the list. What is pinned stands in no other part; what is in a folder, in no date. */
export type Section =
  | { readonly kind: 'pinned'; readonly conversations: readonly Conversation[] }
  | { readonly kind: 'folder'; readonly folder: Folder; readonly conversations: readonly Conversation[] }
  | { readonly kind: 'date'; readonly group: DateGroup; readonly conversations: readonly Conversation[] }

/**
 * The list from top to bottom: pinned, folders by name (empty ones, too), dates. A folder that is not known any more
 * holds nothing back.
 * @param conversations newest first
 * @param now milliseconds since 1970
 */
export function sectionsOf(
  conversations: readonly Conversation[],
  folders: readonly Folder[],
  now: number,
): readonly Section[] {
  const pinned = conversations.filter(conversation => conversation.pinned)
  const loose = conversations.filter(conversation => !conversation.pinned)
  const known = new Set(folders.map(({ id }) => id))
  const dated = loose.filter(({ folderId }) => folderId === null || !known.has(folderId))
  return [
    ...(pinned.length > 0 ? [{ kind: 'pinned' as const, conversations: pinned }] : []),
    ...folders.map(folder => ({
      kind: 'folder' as const,
      folder,
      conversations: loose.filter(({ folderId }) => folderId === folder.id),
    })),
    ...groupByDate(dated, now).map(group => ({ kind: 'date' as const, group, conversations: group.conversations })),
  ]
}
