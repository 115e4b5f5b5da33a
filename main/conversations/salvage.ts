import { Problem } from '../problem.ts'
import { type Columns, Database, type Row } from './database.ts'
import { titleOf } from './title.ts'

export interface Rescued {
  readonly conversations: number
  readonly messages: number
}

const conversationColumns = {
  number: 'REAL',
  id: 'TEXT',
  title: 'TEXT',
  title_source: 'TEXT',
  model: 'TEXT',
  active_leaf: 'TEXT',
  created_at: 'REAL',
  updated_at: 'REAL',
  deleted_at: 'REAL',
} as const satisfies Columns

const messageColumns = {
  number: 'REAL',
  id: 'TEXT',
  conversation_id: 'TEXT',
  parent_id: 'TEXT',
  role: 'TEXT',
  content: 'TEXT',
  thinking: 'TEXT',
  model: 'TEXT',
  state: 'TEXT',
  problem: 'TEXT',
  metrics: 'TEXT',
  created_at: 'REAL',
} as const satisfies Columns

const partColumns = { message_id: 'TEXT', part: 'REAL', content: 'TEXT', thinking: 'TEXT' } as const satisfies Columns

/**
 * Copies what can still be read of a damaged file into an empty database, row by row, past the pages that cannot.
 * A conversation whose own row is lost comes back under its first question; a reply that was in flight is interrupted.
 * The damaged file is not changed.
 * @returns how much came back; nothing when the file is no database at all
 */
export function salvage(damagedPath: string, into: Database): Rescued {
  const damaged = openIfPossible(damagedPath)
  if (!damaged) return { conversations: 0, messages: 0 }
  try {
    return into.transaction(() => copyAll(damaged, into))
  } finally {
    damaged.close()
  }
}

function openIfPossible(path: string): Database | undefined {
  try {
    return Database.openReadOnly(path)
  } catch {
    // A folder, or nothing SQLite would open: there is nothing to read.
    return undefined
  }
}

function copyAll(damaged: Database, into: Database): Rescued {
  const lastMessages = new Map<string, string>()
  const conversations = new Set<string>()
  const addConversation = (row: Row<typeof conversationColumns>) => {
    if (!isId(row.id) || conversations.has(row.id)) return
    conversations.add(row.id)
    into.run(
      `INSERT INTO conversations (id, title, title_source, model, active_leaf, created_at, updated_at, deleted_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[row.id, row.title ?? '', row.title_source ?? 'question', row.model ?? '', row.active_leaf],
      ...[time(row.created_at), time(row.updated_at), row.deleted_at === null ? null : time(row.deleted_at)],
    )
  }
  for (const row of readableRows(damaged, 'conversations', conversationColumns)) addConversation(row)

  const parts = unfinishedTexts(damaged)
  const messages = new Set<string>()
  for (const row of readableRows(damaged, 'messages', messageColumns)) {
    if (!isId(row.id) || !isId(row.conversation_id) || messages.has(row.id)) continue
    addConversation(conversationOf(row))
    const before = lastMessages.get(row.conversation_id) ?? null
    const unfinished = parts.get(row.id)
    into.run(
      `INSERT INTO messages
         (id, conversation_id, parent_id, role, content, thinking, model, state, problem, metrics, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[row.id, row.conversation_id, row.parent_id && !messages.has(row.parent_id) ? before : row.parent_id],
      ...[row.role ?? '', (row.content ?? '') + (unfinished?.content ?? '')],
      ...[(row.thinking ?? '') + (unfinished?.thinking ?? ''), row.model ?? ''],
      ...[row.state === 'waiting' || row.state === 'streaming' ? 'interrupted' : (row.state ?? ''), row.problem],
      ...[row.metrics, time(row.created_at)],
    )
    messages.add(row.id)
    lastMessages.set(row.conversation_id, row.id)
  }
  return { conversations: conversations.size, messages: messages.size }
}

/** Stands in for a conversation whose own row is lost. */
function conversationOf(message: Row<typeof messageColumns>): Row<typeof conversationColumns> {
  return {
    number: null,
    id: message.conversation_id,
    title: titleOf(message.content ?? ''),
    title_source: 'question',
    model: message.model,
    active_leaf: null,
    created_at: message.created_at,
    updated_at: message.created_at,
    deleted_at: null,
  }
}

function unfinishedTexts(damaged: Database): Map<string, { content: string; thinking: string }> {
  const texts = new Map<string, { content: string; thinking: string }>()
  const rows = attempt(() => damaged.rows(partColumns, 'FROM reply_parts ORDER BY message_id, part')) ?? []
  for (const row of rows) {
    const text = texts.get(row.message_id ?? '') ?? { content: '', thinking: '' }
    texts.set(row.message_id ?? '', {
      content: text.content + (row.content ?? ''),
      thinking: text.thinking + (row.thinking ?? ''),
    })
  }
  return texts
}

/**
 * Rows in order, many at a time while that goes well, one at a time past damage. Behind an unreadable row it looks at
 * the next numbers one by one, as only that row may be damaged, then in growing leaps, as whole pages may be.
 */
function* readableRows<C extends Columns & { number: 'REAL' }>(
  database: Database,
  table: string,
  columns: C,
): Generator<Row<C>> {
  let last = 0
  let batch = 256
  let misses = 0
  while (last < Number.MAX_SAFE_INTEGER) {
    const from = last
    const rows = attempt(() =>
      database.rows(columns, `FROM ${table} WHERE number > ? ORDER BY number LIMIT ${batch}`, from),
    )
    if (rows?.length === 0) return
    if (rows) {
      yield* rows
      last = Math.max(last + 1, Number(rows.at(-1)?.number))
      batch = Math.min(batch * 2, 256)
      misses = 0
    } else if (batch > 1) {
      batch = 1
    } else {
      misses += 1
      last += misses <= 1_000 ? 1 : 2 ** (misses - 1_000)
    }
  }
}

/** Damage is what is being walked around here; anything else goes on. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

function isId(text: string | null): text is string {
  return text !== null && /^[0-9a-f-]{36}$/.test(text)
}

function time(value: number | null): number {
  return value !== null && Number.isSafeInteger(value) ? value : 0
}
