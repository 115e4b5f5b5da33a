import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import type { Conversations } from '../../../../main/conversations/conversations.ts'
import type { ImportResult } from '../../../../main/conversations/transfer/import-json.ts'
import { exportWords } from '../../../../main/conversations/transfer/words.ts'
import { temporaryHome } from '../temporary-home.ts'

const words = exportWords('en')

/** Runs a job to its end. @returns what it returns, and how often it told how far it is */
export async function finished<R>(job: AsyncGenerator<unknown, R>): Promise<R> {
  for (;;) {
    const step = await job.next()
    if (step.done) return step.value
  }
}

/** Exports into a new folder. @returns the file's path */
export async function exported(
  { transfer }: Conversations,
  format: 'json' | 'markdown' = 'json',
  conversationId: string | null = null,
): Promise<string> {
  const request = { conversationId, format, words }
  const path = join(temporaryHome(), await transfer.nameFor(request))
  await finished(transfer.export(request, path))
  return path
}

export const imported = ({ transfer }: Conversations, path: string): Promise<ImportResult> =>
  finished(transfer.import(path))

/** Writes a file of these contents. @returns its path */
export function fileOf(contents: string | Uint8Array): string {
  const path = join(temporaryHome(), 'chats.json')
  writeFileSync(path, contents)
  return path
}

/** A file of chats, laid out as Hearth does it. */
export const fileOfRecords = (records: readonly unknown[]): string =>
  fileOf(
    `{"format":"hearth-chats","formatVersion":1,"exportedAt":0,"records":[\n${records.map(record => JSON.stringify(record)).join(',\n')}\n]}\n`,
  )

export const recordsOf = (path: string): { type: string; id: string }[] =>
  JSON.parse(readFileSync(path, 'utf8')).records

/** The n-th id of some kind. */
export const idOf = (kind: 'folder' | 'conversation' | 'message', n: number): string =>
  `0000000${['folder', 'conversation', 'message'].indexOf(kind)}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

export const aConversation = (n: number, over: object = {}) => ({
  type: 'conversation',
  id: idOf('conversation', n),
  title: `Chat ${n}`,
  model: 'tiny',
  createdAt: 1_700_000_000_000,
  updatedAt: 1_700_000_000_000 + n,
  activeLeaf: null,
  pinned: false,
  folderId: null,
  system: '',
  parameters: {},
  ...over,
})

export const aMessage = (n: number, conversation: number, parent: number | null, over: object = {}) => ({
  type: 'message',
  id: idOf('message', n),
  conversationId: idOf('conversation', conversation),
  parentId: parent === null ? null : idOf('message', parent),
  role: 'user',
  content: `Message ${n}`,
  thinking: '',
  state: 'complete',
  model: '',
  createdAt: 1_700_000_000_000,
  problem: null,
  metrics: null,
  context: null,
  toolCalls: [],
  tool: null,
  attachments: [],
  ...over,
})

/** The texts in a zip, by their names. */
export const unzipped = (zip: Buffer): Record<string, string> =>
  Object.fromEntries(Object.entries(unzippedBytes(zip)).map(([name, bytes]) => [name, bytes.toString('utf8')]))

/** The files in a zip, by their names: its central directory, read without the library that wrote it. */
export function unzippedBytes(zip: Buffer): Record<string, Buffer> {
  const files: Record<string, Buffer> = {}
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, nameSize, extraSize] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
    ]
    const name = zip.toString('utf8', at + 46, at + 46 + nameSize)
    const local = zip.readUInt32LE(at + 42)
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    files[name] = inflateRawSync(zip.subarray(data, data + size))
    at += 46 + nameSize + extraSize + zip.readUInt16LE(at + 32)
  }
  return files
}
