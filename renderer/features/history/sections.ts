import type { Conversation, Folder } from '../../../preload/contract.ts'
import { type DateGroup, groupByDate } from './date-groups.ts'

/** A part of the list. What is pinned stands in no other part; what is in a folder, in no date. */
export type Section =
  | { readonly kind: 'pinned'; readonly conversations: readonly Conversation[] }
  | { readonly kind: 'folder'; readonly folder: Folder; readonly conversations: readonly Conversation[] }
  | { readonly kind: 'date'; readonly group: DateGroup; readonly conversations: readonly Conversation[] }

export const isFolded = (section: Section, closed: ReadonlySet<string>): boolean =>
  section.kind === 'folder' && closed.has(section.folder.id)

/**
 * How many chats of each section are drawn when only so many are: those in sight from the top, then those folded away.
 * @param closed ids of folded folders
 */
export function drawnOf(
  sections: readonly Section[],
  closed: ReadonlySet<string>,
  rows: number,
): ReadonlyMap<Section, number> {
  let left = rows
  const inOrder = sections.toSorted((a, b) => Number(isFolded(a, closed)) - Number(isFolded(b, closed)))
  return new Map(
    inOrder.map(section => {
      const drawn = Math.min(left, section.conversations.length)
      left -= drawn
      return [section, drawn]
    }),
  )
}

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
