import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setImmediate as breath } from 'node:timers/promises'
import type { AttachmentFolder } from '../../attachments/attachment-folder.ts'
import { fileProblem } from '../../files/file-problem.ts'
import { asProblem, Problem } from '../../problem.ts'
import { parsedJson } from '../rows.ts'
import type { ConversationStore } from '../store.ts'
import { Adding, type Additions, type Place } from './additions.ts'
import { type AttachmentRecord, type ChatRecord, formatVersion, headSchema, lenientRecordSchema } from './format.ts'
import type { Progress } from './progress.ts'
import { RecordScanner } from './record-scanner.ts'

/** Bytes read at a time: each takes a commit, which is synced, and some milliseconds of main to read. */
const portion = 256 * 1024
/** Milliseconds of one transaction: main has other work as well. */
const turn = 15

export interface ImportResult extends Additions {
  /** Records that could not be read. */
  unreadable: number
  /** The file ends in the middle. */
  cutOff: boolean
}

/**
 * Adds the chats of a file that `exportJson` wrote, whatever has become of it since. Ends, when it is broken off or
 * killed, with some of the chats added; the same file adds the others another time.
 *
 * @param attachments takes the pictures
 * @param store asked before every transaction, as the database may be closed meanwhile
 * @param now milliseconds since 1970
 * @throws Problem foreign-file, newer-file; file-unreadable; what the database throws
 */
export async function* importJson(
  path: string,
  store: () => Promise<ConversationStore>,
  attachments: AttachmentFolder,
  now: number,
): AsyncGenerator<Progress, ImportResult> {
  const scanner = new RecordScanner()
  const schema = lenientRecordSchema(now)
  const counts: Additions = { conversations: 0, messages: 0, restored: 0, known: 0 }
  let place: Place = { folders: new Map(), last: undefined }
  let unreadable = 0
  const read = (json: string): ChatRecord[] => {
    const record = parsedJson(json)
    const result = schema.safeParse(record)
    if (result.success) return [result.data as ChatRecord]
    // What a later version added is no damage.
    if (!isOfUnknownType(record)) unreadable += 1
    return []
  }
  let done = 0
  const total = (await stat(path).catch(error => fail(error))).size
  let checked = false
  for await (const bytes of portions(path)) {
    const texts = scanner.push(bytes)
    if (scanner.foreign) break
    if (scanner.head !== undefined && !checked) {
      checkHead(scanner.head)
      checked = true
    }
    const records: ChatRecord[] = []
    for (const record of texts.flatMap(read)) {
      if (record.type !== 'attachment') records.push(record)
      else if (!(await keep(record, attachments))) unreadable += 1
    }
    for (let next = 0; next < records.length; ) {
      const { database } = await store()
      const adding = await database.write(() => {
        const run = new Adding(database, place)
        const end = performance.now() + turn
        do run.add(records[next + run.added] as ChatRecord)
        while (next + run.added < records.length && performance.now() < end)
        return run
      })
      next += adding.added
      place = adding.place
      for (const kind of kinds) counts[kind] += adding.counts[kind]
      yield { done, total }
      await breath()
    }
    done += bytes.length
    yield { done, total }
  }
  if (!checked) throw new Problem('foreign-file', 400, 'not a file of chats')
  return { ...counts, unreadable: unreadable + scanner.broken, cutOff: !scanner.ended }
}

/** Puts a picture or document on disk before the messages that name it. @returns whether it is what its record says */
async function keep({ hash, data }: AttachmentRecord, attachments: AttachmentFolder): Promise<boolean> {
  try {
    return (await attachments.addAgain(Buffer.from(data, 'base64'))).hash === hash
  } catch (error) {
    // No picture, a broken one, or one too large; a full disk ends the import.
    const problem = asProblem(error)
    if (problem.status === 400) return false
    throw problem
  }
}

/** @throws Problem */
function checkHead(head: string): void {
  const result = headSchema.safeParse(parsedJson(`${head.replace(/^\ufeff/, '')}]}`))
  if (!result.success) throw new Problem('foreign-file', 400, 'not a file of chats')
  if (result.data.formatVersion > formatVersion) {
    throw new Problem('newer-file', 400, `the file has version ${result.data.formatVersion} of its format`)
  }
}

async function* portions(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: portion }) as AsyncIterable<Buffer>
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): never {
  throw fileProblem(error, 'file-unreadable')
}

const kinds = ['conversations', 'messages', 'restored', 'known'] as const
const knownTypes = new Set<unknown>(['folder', 'conversation', 'attachment', 'message'])

function isOfUnknownType(record: unknown): boolean {
  if (record === null || typeof record !== 'object' || !('type' in record)) return false
  return typeof record.type === 'string' && !knownTypes.has(record.type)
}
