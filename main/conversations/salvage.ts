import type { Exec } from '../database/database-file.ts'
import { attachDamaged, attempt, copyRows, isId } from '../database/salvage.ts'

/** What is copied: cast, as damage may have changed a value's kind, and only where the ids are ids. */
const conversationValues = {
  number: 'number',
  id: 'CAST(id AS TEXT)',
  title: `coalesce(CAST(title AS TEXT), '')`,
  title_source: `coalesce(CAST(title_source AS TEXT), 'question')`,
  model: `coalesce(CAST(model AS TEXT), '')`,
  active_leaf: 'CAST(active_leaf AS TEXT)',
  created_at: 'coalesce(CAST(created_at AS INTEGER), 0)',
  updated_at: 'coalesce(CAST(updated_at AS INTEGER), 0)',
  deleted_at: 'CAST(deleted_at AS INTEGER)',
  pinned: 'coalesce(CAST(pinned AS INTEGER), 0)',
  folder_id: 'CAST(folder_id AS TEXT)',
  system: `coalesce(CAST(system AS TEXT), '')`,
  parameters: 'CAST(parameters AS TEXT)',
}

const messageValues = {
  number: 'number',
  id: 'CAST(id AS TEXT)',
  conversation_id: 'CAST(conversation_id AS TEXT)',
  parent_id: 'CAST(parent_id AS TEXT)',
  role: `coalesce(CAST(role AS TEXT), '')`,
  content: `coalesce(CAST(content AS TEXT), '')`,
  thinking: `coalesce(CAST(thinking AS TEXT), '')`,
  model: `coalesce(CAST(model AS TEXT), '')`,
  state: `coalesce(CAST(state AS TEXT), '')`,
  problem: 'CAST(problem AS TEXT)',
  metrics: 'CAST(metrics AS TEXT)',
  owner: 'CAST(owner AS TEXT)',
  created_at: 'coalesce(CAST(created_at AS INTEGER), 0)',
  deleted_at: 'CAST(deleted_at AS INTEGER)',
  context: 'CAST(context AS TEXT)',
  tool_calls: 'CAST(tool_calls AS TEXT)',
  tool: 'CAST(tool AS TEXT)',
}

const folderValues = { number: 'number', id: 'CAST(id AS TEXT)', name: `coalesce(CAST(name AS TEXT), '')` }

const attachmentValues = {
  number: 'number',
  message_id: 'CAST(message_id AS TEXT)',
  position: 'CAST(position AS INTEGER)',
  hash: 'CAST(hash AS TEXT)',
  name: `coalesce(CAST(name AS TEXT), '')`,
  type: `coalesce(CAST(type AS TEXT), '')`,
  width: 'coalesce(CAST(width AS INTEGER), 0)',
  height: 'coalesce(CAST(height AS INTEGER), 0)',
  bytes: 'coalesce(CAST(bytes AS INTEGER), 0)',
}

const presetValues = {
  ...folderValues,
  system: `coalesce(CAST(system AS TEXT), '')`,
  parameters: `coalesce(CAST(parameters AS TEXT), '{}')`,
}

const draftValues = {
  number: 'number',
  conversation_id: 'CAST(conversation_id AS TEXT)',
  text: `coalesce(CAST(text AS TEXT), '')`,
  attachments: `coalesce(CAST(attachments AS TEXT), '[]')`,
  updated_at: 'coalesce(CAST(updated_at AS INTEGER), 0)',
  tuning: 'CAST(tuning AS TEXT)',
}

/**
 * Copies what can still be read of a damaged file into a new database, past the pages that cannot. A conversation whose
 * own row is lost comes back under its first question; a message whose parent is lost hangs on the one before it.
 * The damaged file is not changed.
 *
 * @param exec works on the new database, which has the tables and nothing in them
 * @throws DatabaseProblem when the new database cannot be written; never because of the damage
 */
export async function salvage(exec: Exec, damaged: string): Promise<void> {
  const rows = await attachDamaged(exec, damaged)
  if (rows === undefined) return
  await copyRows(exec, 'conversations', conversationValues, isId('id'), rows)
  await copyRows(exec, 'folders', folderValues, isId('id'), rows)
  await copyRows(exec, 'messages', messageValues, `${isId('id')} AND ${isId('conversation_id')}`, rows)
  await copyRows(exec, 'attachments', attachmentValues, isId('message_id'), rows)
  await copyRows(exec, 'presets', presetValues, isId('id'), rows)
  await copyRows(exec, 'drafts', draftValues, 'true', rows)
  await attempt(() =>
    exec('INSERT OR IGNORE INTO reply_parts SELECT message_id, part, content, thinking FROM damaged.reply_parts'),
  )
  await exec(`
    DELETE FROM reply_parts WHERE message_id NOT IN (SELECT id FROM messages);
    DELETE FROM attachments WHERE message_id NOT IN (SELECT id FROM messages);
    INSERT INTO conversations (id, title, model, created_at, updated_at)
      SELECT conversation_id, trim(substr(replace(content, char(10), ' '), 1, 40)), model, created_at,
        (SELECT max(created_at) FROM messages AS every WHERE every.conversation_id = earliest.conversation_id)
      FROM messages AS earliest
      WHERE conversation_id NOT IN (SELECT id FROM conversations) AND number = (
        SELECT min(number) FROM messages AS every WHERE every.conversation_id = earliest.conversation_id
      );
    UPDATE messages SET parent_id = (
      SELECT id FROM messages AS earlier
      WHERE earlier.conversation_id = messages.conversation_id AND earlier.number < messages.number
      ORDER BY earlier.number DESC LIMIT 1
    ) WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages);
  `)
}
