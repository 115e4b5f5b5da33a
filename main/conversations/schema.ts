/** 'Hrth': tells conversations.db from another program's SQLite file. */
export const applicationId = 0x48727468

/**
 * Version 1. What later parts stand on and could not be added with ALTER TABLE is here from the start:
 * - messages are a tree (`parent_id`), siblings are versions, `active_leaf` chooses the shown path;
 * - `number` is a row id that VACUUM keeps: the key a full-text index will refer to;
 * - `role`, `state` and `title_source` carry no CHECK, so that a new value needs no rebuilt table and an older version
 *   can read what a newer one wrote;
 * - text of a reply in flight is appended to `reply_parts` and joined at its end: saving does not rewrite a growing
 *   text twice a second, and a full-text index will see each message once.
 *
 * Times are milliseconds since 1970. `active_leaf` is no foreign key: a lost message must not make its chat unreadable.
 * `owner` names the process that writes the reply, while it does.
 */
const version1 = `
  CREATE TABLE conversations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    title_source TEXT NOT NULL DEFAULT 'question',
    model TEXT NOT NULL DEFAULT '',
    active_leaf TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX conversations_by_time ON conversations (updated_at) WHERE deleted_at IS NULL;
  CREATE INDEX conversations_in_trash ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

  CREATE TABLE messages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES messages (id),
    role TEXT NOT NULL,
    content TEXT NOT NULL DEFAULT '',
    thinking TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    problem TEXT,
    metrics TEXT,
    owner TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX messages_of_conversation ON messages (conversation_id);
  CREATE INDEX messages_by_parent ON messages (parent_id);
  CREATE INDEX messages_in_flight ON messages (owner) WHERE owner IS NOT NULL;

  CREATE TABLE reply_parts (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    content TEXT NOT NULL,
    thinking TEXT NOT NULL,
    PRIMARY KEY (message_id, part)
  ) STRICT, WITHOUT ROWID;
`

/** Version 2: single messages can be deleted and taken back. */
const version2 = `
  ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
  CREATE INDEX messages_in_trash ON messages (deleted_at) WHERE deleted_at IS NOT NULL;
`

/** Version 3: conversations are pinned, lie in folders, and have a system prompt and parameters (JSON) of their own. */
const version3 = `
  CREATE TABLE folders (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
  ) STRICT;
  ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN folder_id TEXT;
  ALTER TABLE conversations ADD COLUMN system TEXT NOT NULL DEFAULT '';
  ALTER TABLE conversations ADD COLUMN parameters TEXT;
`

/** Version 4: pictures of questions. Their bytes lie in attachments/, under their hashes. */
const version4 = `
  CREATE TABLE attachments (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    UNIQUE (message_id, position)
  ) STRICT;
`

/**
 * Version 5: what is typed and not sent, with its pictures (JSON), by chat; '' is the one that is not begun. No foreign
 * key for that reason.
 */
const version5 = `
  CREATE TABLE drafts (
    number INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    attachments TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
`

/**
 * Version 6: what a model had in view when it wrote a message, its tool calls, and of which tool it is a result (JSON).
 */
const version6 = `
  ALTER TABLE messages ADD COLUMN context TEXT;
  ALTER TABLE messages ADD COLUMN tool_calls TEXT;
  ALTER TABLE messages ADD COLUMN tool TEXT;
`

/** Version 7: ways to answer that were given a name. */
const version7 = `
  CREATE TABLE presets (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    system TEXT NOT NULL,
    parameters TEXT NOT NULL
  ) STRICT;
`

/** Version 8: how a chat that is not begun will answer (JSON), beside what is typed for it. */
const version8 = `
  ALTER TABLE drafts ADD COLUMN tuning TEXT;
`

/**
 * SQL that makes version n+1 out of version n. Appended to, never changed: the files of every version are out there.
 */
export const migrations: readonly string[] = [
  version1,
  version2,
  version3,
  version4,
  version5,
  version6,
  version7,
  version8,
]

/** Tables without which a file is not ours, whatever its header says. */
export const tables = ['conversations', 'messages', 'reply_parts'] as const
