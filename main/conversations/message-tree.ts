import type { StoredMessage } from './rows.ts'

/** Where a message stands. */
export type TreeNode = Pick<StoredMessage, 'id' | 'parentId' | 'role'>

/**
 * The messages of one conversation as a tree. Siblings of the same role are versions of each other. Damage is put up
 * with: a message whose parent is lost hangs on the one before it, so that the rest of its chat still shows.
 */
export class MessageTree<M extends TreeNode = StoredMessage> {
  readonly #messages = new Map<string, M>()
  readonly #children = new Map<string | null, M[]>()
  readonly #last: M | undefined

  /** @param messages of one conversation, oldest first */
  constructor(messages: readonly M[]) {
    let before: M | undefined
    for (const message of messages) {
      const lost = message.parentId !== null && !this.#messages.has(message.parentId)
      const placed = lost ? { ...message, parentId: before?.id ?? null } : message
      this.#messages.set(placed.id, placed)
      const siblings = this.#children.get(placed.parentId)
      if (siblings) siblings.push(placed)
      else this.#children.set(placed.parentId, [placed])
      before = placed
    }
    this.#last = before
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0
  }

  get(id: string): M | undefined {
    return this.#messages.get(id)
  }

  /** The messages from the root to `leaf`; to the newest message when there is no such leaf. */
  path(leaf: string | null): M[] {
    const path: M[] = []
    let message = (leaf !== null && this.#messages.get(leaf)) || this.#last
    while (message) {
      path.push(message)
      message = message.parentId === null ? undefined : this.#messages.get(message.parentId)
    }
    return path.reverse()
  }

  /** Ids of the messages of one role that answer the same parent (null: that begin the conversation), oldest first. */
  versions(parentId: string | null, role: M['role']): string[] {
    return (this.#children.get(parentId) ?? []).flatMap(message => (message.role === role ? message.id : []))
  }

  /** A message and all below it, oldest first. */
  withAllBelow(id: string): string[] {
    const below = new Set([id])
    // Oldest first: a parent comes before its children.
    for (const message of this.#messages.values()) {
      if (message.parentId !== null && below.has(message.parentId)) below.add(message.id)
    }
    return [...below]
  }

  /** The leaf that was written last among those below a message; the message itself when nothing is below. */
  newestLeaf(id: string): string {
    // The last descendant can have no child.
    return this.withAllBelow(id).at(-1) ?? id
  }
}
