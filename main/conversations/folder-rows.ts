import type { Folder } from '../../preload/contract.ts'
import type { Database } from '../database/database.ts'

/** Folders by name. */
export function folders(database: Database): Folder[] {
  const rows = database.rows({ id: 'TEXT', name: 'TEXT' }, 'FROM folders')
  return rows
    .flatMap(({ id, name }) => (id ? { id, name: name ?? '' } : []))
    .sort((a, b) => a.name.localeCompare(b.name))
}

export function addFolder(database: Database, id: string, name: string): void {
  database.run('INSERT INTO folders (id, name) VALUES (?, ?)', id, name)
}

/** @returns false when there is no such folder */
export function renameFolder(database: Database, id: string, name: string): boolean {
  return database.run('UPDATE folders SET name = ? WHERE id = ?', name, id) > 0
}

/** Removes a folder and takes out what is in it. @returns what that was, chats in the trash included */
export function removeFolder(database: Database, id: string): string[] {
  const held = database.rows({ id: 'TEXT' }, 'FROM conversations WHERE folder_id = ?', id)
  database.run('UPDATE conversations SET folder_id = NULL WHERE folder_id = ?', id)
  database.run('DELETE FROM folders WHERE id = ?', id)
  return held.flatMap(({ id }) => id ?? [])
}

/** Puts those of these conversations that are in no folder into one that is there. */
export function fillFolder(database: Database, id: string, conversationIds: readonly string[]): void {
  database.run(
    'UPDATE conversations SET folder_id = ? WHERE folder_id IS NULL AND id IN (SELECT value FROM json_each(?))',
    ...[id, JSON.stringify(conversationIds)],
  )
}

/** @param folderId a folder there is; null for none */
export function putIntoFolder(database: Database, conversationId: string, folderId: string | null): void {
  database.run('UPDATE conversations SET folder_id = ? WHERE id = ?', ...[folderId, conversationId])
}
