import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { storageUsage } from '../../../main/bridge/storage-usage.ts'
import { Library } from '../../../main/library/library.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

// The space of backups was nobody's; a picture they share with a chat takes its space once.
test('backups are counted, and a picture that a chat still has only with the chat', async () => {
  const home = temporaryHome()
  const put = (path: string, bytes: number) => {
    mkdirSync(join(home, path, '..'), { recursive: true })
    writeFileSync(join(home, path), Buffer.alloc(bytes))
  }
  put('conversations.db', 1_000)
  put('attachments/shared', 200)
  put('backups/2026-11-21T00-00-00-000Z/conversations.db', 30_000)
  put('backups/pictures/alone', 4_000)
  linkSync(join(home, 'attachments', 'shared'), join(home, 'backups', 'pictures', 'shared'))
  const usage = await storageUsage(new Library({ modelsFolder: join(home, 'models') }), home)
  expect(usage).toMatchObject({ conversations: 1_000, pictures: 200, backups: 34_000 })
})
