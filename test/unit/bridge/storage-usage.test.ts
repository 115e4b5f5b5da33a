import { linkSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { storageUsage } from '../../../main/bridge/storage-usage.ts'
import { Library } from '../../../main/library/library.ts'
import { temporaryHome } from '../conversations/temporary-home.ts'

const into = (home: string) => (path: string, bytes: number) => {
  mkdirSync(join(home, path, '..'), { recursive: true })
  writeFileSync(join(home, path), Buffer.alloc(bytes, 1))
}

// The space of backups was nobody's; a picture they share with a chat takes its space once.
test('backups are counted, and a picture that a chat still has only with the chat', async () => {
  const home = temporaryHome()
  const put = into(home)
  put('conversations.db', 1_000)
  put('attachments/shared', 200)
  put('backups/2026-11-21T00-00-00-000Z/conversations.db', 30_000)
  put('backups/pictures/alone', 4_000)
  linkSync(join(home, 'attachments', 'shared'), join(home, 'backups', 'pictures', 'shared'))
  const usage = await storageUsage(new Library({ modelsFolder: join(home, 'models') }), home)
  expect(usage).toMatchObject({ conversations: 1_000, pictures: 200, backups: 34_000 })
})

// Gigabytes of a download that was paused were nobody's, and the pictures of forms were chats'.
test('what a pull has brought counts with the models, and forms by themselves', async () => {
  const home = temporaryHome()
  const put = into(home)
  const digest = `sha256-${'a'.repeat(64)}`
  put(`models/blobs/${digest}-partial`, 64 * 1024)
  // It has its whole length from the beginning on, and holes where nothing has come yet.
  truncateSync(join(home, `models/blobs/${digest}-partial`), 64 * 1024 * 1024)
  put('forms/forms.db', 2_000)
  put('forms/attachments/receipt', 500)
  const usage = await storageUsage(new Library({ modelsFolder: join(home, 'models') }), home)
  expect(usage).toMatchObject({ forms: 2_500, conversations: 0, pictures: 0 })
  expect(usage.models).toBeGreaterThan(0)
  // NTFS has no holes unless asked.
  if (process.platform !== 'win32') expect(usage.models).toBeLessThan(1024 * 1024)
})
