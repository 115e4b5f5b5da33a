import { join } from 'node:path'
import type { CallOutput } from '../../preload/contract.ts'
import { Database } from '../database/database.ts'
import type { Kept } from './about.ts'
import type { Place } from './place.ts'

/** What would change by going back to a backup: chats outside the trash. @throws Problem database */
export function compare({ folder, parts }: Place, backup: Kept): CallOutput<'backups.compare'> {
  const part = parts.find(({ name }) => name === 'conversations.db')
  if (!part || !backup.files.includes(part.name)) return { before: null, now: 0, back: 0, gone: 0, changed: 0 }
  const itemsOf = (path: string) => {
    const database = Database.openReadOnly(path)
    try {
      return part.items(database)
    } finally {
      database.close()
    }
  }
  const then = itemsOf(join(folder, backup.id, part.name))
  const now = itemsOf(part.path)
  return {
    before: then.size,
    now: now.size,
    back: [...then.keys()].filter(id => !now.has(id)).length,
    gone: [...now.keys()].filter(id => !then.has(id)).length,
    changed: [...then].filter(([id, at]) => now.has(id) && now.get(id) !== at).length,
  }
}
