import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from '../../../main/conversations/opening.ts'
import { Reply } from '../../../main/conversations/reply.ts'
import { ReplySaver } from '../../../main/conversations/reply-saver.ts'
import { ConversationStore } from '../../../main/conversations/store.ts'
import type { Database } from '../../../main/database/database.ts'
import { ScriptedInference } from './scripted-inference.ts'
import { temporaryHome } from './temporary-home.ts'

const conversationId = 'c1'

/** A saver over a real database, and a reply that grows when told. */
async function setUp() {
  const home = temporaryHome()
  const { database } = await openDatabase(home, 0)
  onTestFinished(() => database.close())
  const store = new ConversationStore(database)
  const row = { id: 'r1', conversationId, parentId: 'q1', model: 'tiny', owner: 'me', createdAt: 0 }
  database.transaction(() => {
    store.addConversation(conversationId, '', 'tiny', 0)
    store.addQuestion('q1', conversationId, null, 'Q', 0)
    store.addReply(row)
  })
  const told: string[] = []
  const saver = new ReplySaver(store, {
    saved: reply => told.push(`saved ${reply.id}`),
    failed: problem => told.push(`failed ${problem.code}`),
    recovered: () => told.push('recovered'),
  })
  const inference = new ScriptedInference()
  const touch = (reply: Reply) => saver.touch(reply)
  const reply = new Reply({
    row,
    versions: ['r1'],
    history: { messages: [], origins: [] },
    parameters: {},
    inference,
    events: { changed: touch, grown: touch, ended: touch },
  })
  void reply.run()
  const text = () => store.messages.of(conversationId)[1]?.content
  const parts = () => database.rows({ content: 'TEXT' }, 'FROM reply_parts ORDER BY part').map(({ content }) => content)
  return { database, saver, inference, reply, told, text, parts }
}

/** SQLite then refuses to grow the file, as on a full disk. */
function full(database: Database, on: boolean): void {
  database.exec(`PRAGMA max_page_count = ${on ? 1 : 1_000_000}`)
}

let written = 0
beforeEach(() => {
  written = 0
})
afterEach(() => void vi.restoreAllMocks())

test('saving appends only what is new, however long the text already is', async () => {
  const { inference, parts, database } = await setUp()
  inference.last.write('x'.repeat(1_000_000))
  await vi.waitFor(() => expect(parts()).toHaveLength(1))
  const run = database.run.bind(database)
  vi.spyOn(database, 'run').mockImplementation((sql, ...values) => {
    written += values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0)
    return run(sql, ...values)
  })
  inference.last.write('and more')
  await vi.waitFor(() => expect(parts()).toHaveLength(2))
  expect(parts()[1]).toBe('and more')
  expect(written).toBeLessThan(100)
})

test('text that could not be saved is kept and saved once that is possible', async () => {
  const { database, inference, told, text, reply } = await setUp()
  full(database, true)
  inference.last.write('y'.repeat(100_000))
  await vi.waitFor(() => expect(told).toContain('failed disk-full'))
  inference.last.write('z')
  inference.last.finish()
  await vi.waitFor(() => expect(reply.running).toBe(false))
  expect(text()).toBe('')
  full(database, false)
  await vi.waitFor(() => expect(told.slice(-2)).toEqual(['saved r1', 'recovered']))
  expect(text()).toBe(`${'y'.repeat(100_000)}z`)
})

test('closing saves what is left; on a full disk it gives up in seconds, and what was saved before stays', async () => {
  const { database, inference, saver, reply, text, parts } = await setUp()
  inference.last.write('early ')
  await vi.waitFor(() => expect(parts()).toEqual(['early ']))
  full(database, true)
  inference.last.write('y'.repeat(100_000))
  await vi.waitFor(() => expect(reply.content.length).toBe(100_006))
  reply.stop('interrupted')
  expect(await saver.saveAll()).toBe(false)
  expect(text()).toBe('early ')
  full(database, false)
  expect(await saver.saveAll()).toBe(true)
  expect(text()).toBe(`early ${'y'.repeat(100_000)}`)
})

test('a reply whose conversation was purged by another process is dropped without harm', async () => {
  const { database, inference, told, parts } = await setUp()
  database.run('DELETE FROM conversations')
  inference.last.write('into the void')
  inference.last.finish()
  await vi.waitFor(() => expect(told).toEqual(['saved r1']))
  expect(parts()).toEqual([])
})
