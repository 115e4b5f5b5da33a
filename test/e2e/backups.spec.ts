import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { answers, ask, chats, newChat } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const redCircle = join(import.meta.dirname, '..', 'fixtures', 'pictures', 'red-circle.jpg')
const title = 'What is this?'

/** Asks about a picture; the demo model has no eyes, but the question is kept. */
async function askAboutPicture(page: Page): Promise<void> {
  const bytes = [...(await readFile(redCircle))]
  await page.evaluate(
    async ({ bytes, content }) => {
      const attached = await window.hearth.call('attachments.add', {
        name: 'red-circle.jpg',
        content: Uint8Array.from(bytes),
      })
      const attachments = [attached as never]
      await window.hearth.call('conversations.send', {
        conversationId: null,
        parentId: null,
        content,
        model: 'hearth-demo',
        attachments,
      })
    },
    { bytes, content: title },
  )
}

const chat = (page: Page) => chats(page).getByRole('button', { name: title, exact: true })
const openSettings = (page: Page) => page.keyboard.press('ControlOrMeta+,')
const backups = (page: Page) => page.getByRole('region', { name: 'Backups', exact: true })

test('a chat that was removed for good comes back with its picture, also after its file was damaged', async ({
  computer,
}) => {
  const { page, quit } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await askAboutPicture(page)
  await expect(chat(page)).toBeVisible()
  await openSettings(page)
  await backups(page).getByRole('button', { name: 'Back up now' }).click()
  await expect(backups(page).getByRole('listitem')).toHaveCount(1)
  await expect(backups(page).getByRole('listitem')).toContainText('Made by you · 1 chat')

  // Gone for good, and another in its place.
  await page.evaluate(async () => {
    const [first] = await new Promise<{ id: string }[]>(resolve => {
      window.hearth.subscribe('conversations.list', {}, event => {
        const read = JSON.parse(String(event))
        if (read.type === 'all') resolve(read.conversations)
      })
    })
    const id = first?.id ?? ''
    await window.hearth.call('conversations.delete', { conversationId: id })
    await window.hearth.call('trash.remove', { conversationIds: [id] })
  })
  await expect(chat(page)).toBeHidden()
  await newChat(page)
  await ask(page, 'What is the capital of France?')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')

  await openSettings(page)
  for (const [theme, language] of [
    ['dark', 'zh-CN'],
    ['light', 'en'],
  ] as const) {
    await page.evaluate(settings => window.hearth.call('settings.change', settings), { theme, language })
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    const list = page.getByRole('list', { name: language === 'en' ? 'Backups' : '备份' })
    await list.getByRole('button').first().focus()
    await picture(page, `backups-${theme}-${language}`)
  }
  // One too many is removed, after the person was told what that frees.
  const items = backups(page).getByRole('listitem')
  await backups(page).getByRole('button', { name: 'Back up now' }).click()
  await expect(items).toHaveCount(2)
  await items
    .first()
    .getByRole('button', { name: /^Remove the backup/ })
    .click()
  const removing = page.getByRole('dialog')
  await expect(removing).toContainText(/This frees \d+ kB/)
  await picture(page, 'backups-remove')
  await removing.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(items).toHaveCount(1)
  await expect(items.first()).toContainText('Made by you · 1 chat')
  await items.first().getByRole('button').first().focus()
  // By keyboard: the button has the focus.
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Chats then: 1. Chats now: 1.')
  await expect(dialog).toContainText('1 chat comes back')
  await expect(dialog).toContainText('1 newer chat will be gone')
  await picture(page, 'backups-dialog')
  await dialog.getByRole('button', { name: 'Go back to this state' }).click()
  await expect(page.getByText('Done. The state before is a backup.').first()).toBeVisible()
  await chat(page).click()
  const shown = page.getByRole('img', { name: 'red-circle.jpg' })
  await expect.poll(() => shown.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
  await expect(chats(page).getByRole('button', { name: 'What is the capital of France?', exact: true })).toBeHidden()
  await quit()

  await writeFile(join(computer.home, 'conversations.db'), randomBytes(20_000))
  const second = await computer.start()
  const notice = second.page.getByRole('region', { name: 'Notices' })
  await expect(notice).toContainText('The file with your chats was damaged')
  await picture(second.page, 'backups-damaged')
  await notice.getByRole('button', { name: /^Go back to the backup of/ }).click()
  await expect(notice).toBeHidden()
  await expect(chat(second.page)).toBeVisible()
})
