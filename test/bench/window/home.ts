import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const project = join(import.meta.dirname, '..', '..', '..')

/** Chats in a home; the newest has `longest` of the messages. */
export interface History {
  readonly chats: number
  readonly messages: number
  readonly longest: number
}

/** Id of the message of that number, as test/bench/chat-history.ts gives them. */
export const messageId = (n: number): string => `00000002-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
/** Id of the chat of that number, the newest first. */
export const chatId = (n: number): string => `00000001-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

/** Fills a home with chats, in a process of its own. */
export async function writeHistory(home: string, { chats, messages, longest }: History): Promise<void> {
  await mkdir(home, { recursive: true })
  const script = join(project, 'test', 'bench', 'chat-history.ts')
  const args = ['--import', 'tsx', script, home, ...[chats, messages, longest].map(String)]
  await promisify(execFile)(process.execPath, args, { cwd: project })
}
