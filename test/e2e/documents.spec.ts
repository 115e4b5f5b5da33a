import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Draft, KeptSources } from '../../preload/contract.ts'
import { answered, answers, ask, composer } from './chat.ts'
import { expect, nextWindow, picture, test } from './launch.ts'

const given = async (name: string) => ({
  name,
  mimeType: '',
  buffer: await readFile(join(import.meta.dirname, '../fixtures/documents', name)),
})
const text = (name: string, words: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) })

test('a person attaches documents to a question, reads them again, and asks on', async ({ computer }) => {
  const first = await computer.start({
    settings: { language: 'en', theme: 'light', model: 'hearth-demo', contextLength: 1024 },
  })
  let { page } = first
  const filesIn = (page: Page) => page.getByRole('list', { name: 'Files of your question' }).first()
  const report = await given('report.pdf')
  const broken = { ...report, name: 'broken.pdf', buffer: report.buffer.subarray(0, 400) }
  const long = text('long.csv', 'a,b,c\n'.repeat(600))
  await page.locator('input[type=file]').setInputFiles([text('note.md', 'My name is Lena.'), report, broken, long])
  await expect(filesIn(page).getByRole('listitem')).toHaveCount(3)
  await expect(page.getByRole('alert')).toContainText('broken.pdf was not added. It is damaged or not whole')
  await expect(
    page.getByText(/This is more than the model holds in view: about \d+% of it would be left out/),
  ).toBeVisible()
  await picture(page, 'documents-draft')
  await page.evaluate(() => window.hearth.call('settings.change', { theme: 'dark', language: 'zh-CN' }))
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await picture(page, 'documents-draft-dark-zh')
  await page.evaluate(() => window.hearth.call('settings.change', { theme: 'light', language: 'en' }))
  await page.getByRole('button', { name: 'Enlarge the view' }).click()
  await expect(page.getByText('This is more than the model holds in view')).toBeHidden()

  // What is not sent is there after a kill.
  const keptFiles = () =>
    page.evaluate(async () => {
      const draft = await window.hearth.call('drafts.get', { conversationId: null, window: window.hearth.window })
      return (draft as Draft).attachments.length
    })
  await expect.poll(keptFiles).toBe(3)
  // Nor what is to be read into a form, beside a form.
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await page.getByRole('button', { name: 'Empty form' }).click()
  await page.getByRole('textbox', { name: 'Text to read' }).fill('Percival has a hamster.')
  await page.locator('input[type=file]').setInputFiles(await given('letter.docx'))
  const keptBesideForm = () =>
    page.evaluate(async () => {
      const formId = location.hash.split('/').at(-1)
      const { text, files } = await new Promise<KeptSources>(resolve => {
        const end = window.hearth.subscribe('forms.sources', { formId } as never, event => {
          queueMicrotask(() => end())
          resolve(event as KeptSources)
        })
      })
      return [text, ...files.map(file => (file.kind === 'document' ? file.name : file.kind))]
    })
  const beside = ['Percival has a hamster.', 'letter.docx']
  await expect.poll(keptBesideForm).toEqual(beside)
  await first.kill()
  const second = await computer.start()
  page = second.page
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await page.getByRole('button', { name: /^Untitled form/ }).click()
  await expect(page.getByRole('textbox', { name: 'Text to read' })).toHaveValue('Percival has a hamster.')
  await expect(page.getByRole('list', { name: 'Files to read' })).toContainText('letter.docx')
  expect(await keptBesideForm()).toEqual(beside)
  await page.keyboard.press('ControlOrMeta+n')
  await expect(filesIn(page).getByRole('listitem')).toHaveCount(3)
  await page.getByRole('button', { name: 'Open report.pdf' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'report.pdf' })).toContainText('Percival has a hamster')
  await picture(page, 'documents-viewer')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Open report.pdf' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(filesIn(page).getByRole('listitem')).toHaveCount(2)
  await expect(composer(page)).toBeFocused()
  await page.getByRole('button', { name: 'Remove long.csv' }).click()

  await ask(page, 'What is my name?')
  await answered(page, 'Lena')
  const question = page.getByRole('article', { name: 'Your question' }).first()
  await expect(question.getByRole('button', { name: 'Open note.md' })).toBeVisible()
  await expect(composer(page)).toHaveValue('')
  // In the history as well.
  await ask(page, 'What is my name?')
  await expect(answers(page)).toHaveCount(2)
  await answered(page, 'Lena')
  await picture(page, 'documents-chat')

  // Another window shows it, too.
  const opened = nextWindow(second.app)
  await page.keyboard.press('ControlOrMeta+Shift+n')
  const other = await opened
  await other.getByRole('navigation', { name: 'Chats' }).getByText('What is my name?').click()
  await other.getByRole('button', { name: 'Open note.md' }).click()
  await expect(other.getByRole('dialog', { name: 'note.md' })).toContainText('My name is Lena.')
  await other.close()

  // Found by what it says, and led to its question.
  const search = page.getByRole('searchbox', { name: 'Search all chats' })
  await search.fill('lena')
  const found = page.getByRole('navigation', { name: 'Found' }).getByRole('button').filter({ hasText: '· note.md' })
  await expect(found).toContainText('My name is Lena.')
  await picture(page, 'documents-found')
  await found.click()
  await expect(page.locator('[data-message]:focus')).toContainText('What is my name?')
  await search.fill('')

  // In another version of the question, too.
  await question.hover()
  await question.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Edit your question' }).fill('What is my name? Say it.')
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(answers(page)).toHaveCount(1)
  await expect(answers(page).last()).toContainText('Lena')
  await expect(question.getByRole('button', { name: 'Open note.md' })).toBeVisible()
})
