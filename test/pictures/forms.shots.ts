import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { Database } from '../../main/database/database.ts'
import { answers, ask, choose, enginePid } from '../e2e/chat.ts'
import { expect, test } from '../e2e/launch.ts'
import { addBrokenModel } from '../e2e/models-folder.ts'
import { begin, eightLooks } from './eight-looks.ts'

const document = async (name: string) => ({
  name,
  mimeType: '',
  buffer: await readFile(join(import.meta.dirname, '../fixtures/documents', name)),
})
const receipt = 'Bäckerei Lindner, 18.11.2026: rye bread 2 × 4.20, poppy cake 3 × 5.00. EUR 23.40, paid in cash.'

test('Form Studio', async ({ computer }) => {
  test.setTimeout(300_000)
  const { app, page } = await begin(computer)
  await ask(page, 'What is the capital of France?')
  await expect(answers(page)).toHaveAttribute('aria-busy', 'false')
  await page.keyboard.press('ControlOrMeta+Shift+e')
  const place = page.getByRole('main')
  await expect(place.getByRole('heading', { level: 2 }).first()).toBeVisible()
  await eightLooks(page, 'forms')
  await place.getByRole('button', { name: 'Empty form' }).click()
  await expect(page.getByRole('textbox', { name: 'Text to read' })).toBeVisible()
  await eightLooks(page, 'form-empty')
  await place.getByRole('radio', { name: 'Results' }).click()
  await eightLooks(page, 'form-results-none')
  await place.getByRole('radio', { name: 'Form' }).click()
  await place.getByRole('button', { name: 'Add a field' }).click()
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await eightLooks(page, 'form-field-new')
  await page.keyboard.type('Rooms')
  for (const kind of ['Number', 'Choice', 'Date', 'List', 'Group of fields'] as const) {
    await page.getByRole('combobox', { name: 'Kind', exact: true }).first().selectOption(kind)
    await eightLooks(page, `form-field-${kind.split(' ')[0]?.toLowerCase()}`)
  }
  await page.getByRole('button', { name: 'All forms' }).click()
  await place.getByRole('button', { name: /^From an example/ }).click()
  const dialog = page.getByRole('dialog')
  await eightLooks(page, 'form-paste-empty')
  await page.keyboard.insertText('{"pet": "hamster", "name": "Percival", "age": 38')
  await expect(dialog).toContainText('is not whole')
  await eightLooks(page, 'form-paste-broken')
  await page.keyboard.insertText('}')
  await expect(dialog).toContainText('An example with 3 fields')
  await eightLooks(page, 'form-paste')
  await dialog.getByRole('button', { name: 'Make the form' }).click()
  await page.getByRole('textbox', { name: 'Name of the form' }).fill('Pets')
  const people = ['Percival', 'Magnus', 'Valentin', 'Priya', 'Ravi', 'Zelda', 'Dmitri', 'Ignacio']
  const files = people.map((name, index) => ({
    name: `${name}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(
      index === 1 ? 'Magnus has a cat. '.repeat(2_000) : `${name} has a cat and is ${20 + index} years old.`,
    ),
  }))
  const pdf = { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n\u0000\u0001\u0002') }
  await page.locator('input[type=file]').setInputFiles([...files, pdf, await document('scan.pdf')])
  await expect(page.getByRole('alert')).toContainText('broken.pdf')
  await expect(page.getByText('scan.pdf holds no text', { exact: false })).toBeVisible()
  await eightLooks(page, 'form-files')
  await page.getByRole('button', { name: 'Remove scan.pdf' }).click()
  await page.getByRole('button', { name: 'Run on 8' }).click()
  await page.getByRole('button', { name: 'Pause' }).click()
  const queue = page.getByRole('region', { name: 'Progress of the queue' })
  await expect(queue).toContainText('Paused')
  await eightLooks(page, 'form-queue-paused')
  await queue.getByRole('button', { name: 'Resume' }).click()
  await expect(queue).toContainText('1 failed', { timeout: 60_000 })
  await expect(queue.getByRole('progressbar')).toBeHidden({ timeout: 60_000 })
  await eightLooks(page, 'form-results')
  const table = page.getByRole('table', { name: 'Results' })
  await page.getByRole('searchbox', { name: 'Filter' }).fill('i')
  await table.getByRole('button', { name: 'age' }).click()
  await table.getByRole('button', { name: /Priya/ }).click()
  await expect(page.getByRole('complementary', { name: 'The open result' })).toBeVisible()
  await eightLooks(page, 'form-row')
  await page.getByRole('searchbox', { name: 'Filter' }).fill('')
  await table.getByRole('button', { name: /Magnus/ }).click()
  await eightLooks(page, 'form-row-failed')
  // Beside an open row, a narrow window has no room for the button, and no menu either.
  await page.getByRole('complementary', { name: 'The open result' }).getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Export' }).click()
  await eightLooks(page, 'form-export')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Actions for this form' }).click()
  await eightLooks(page, 'form-menu')
  await page.getByRole('menuitem', { name: 'Copy the API call' }).click()
  await expect(dialog).toContainText('/api/chat')
  await eightLooks(page, 'form-api-call')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'All forms' }).click()
  await expect(page.getByRole('button', { name: /^Pets/ })).toBeVisible()
  await eightLooks(page, 'forms-some')

  // The receipt: every kind of field but the group.
  await place.getByRole('button', { name: /^Receipt/ }).click()
  await expect(page.getByRole('textbox', { name: 'Text to read' })).toBeVisible()
  await eightLooks(page, 'form-template')
  await page.getByRole('textbox', { name: 'Text to read' }).fill(receipt)
  await page.keyboard.press('ControlOrMeta+Enter')
  const filled = page.getByRole('region', { name: 'Filled form' })
  await expect(filled).toHaveAttribute('aria-busy', 'true')
  await expect(filled.locator('[data-live]').first()).toBeVisible()
  const engine = await enginePid(app)
  process.kill(engine, 'SIGSTOP')
  await eightLooks(page, 'form-live')
  process.kill(engine, 'SIGCONT')
  await expect(filled).toHaveAttribute('aria-busy', 'false', { timeout: 90_000 })
  await eightLooks(page, 'form-filled')
  await eightLooks(page, 'form-filled-end', {
    each: () => place.locator('.bar-in-padding').evaluate(box => box.scrollTo({ top: 100_000 })),
  })
  await filled.locator('button[aria-haspopup=dialog]').first().click()
  await eightLooks(page, 'form-calendar')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'From chats' }).click()
  await expect(dialog.getByRole('checkbox')).toHaveCount(1)
  await eightLooks(page, 'form-chats')
  await page.keyboard.press('Escape')
})

const text = { kind: 'text' } as const
const people = [
  { key: 'name', hint: 'First name and family name, as they stand in the text', required: true, shape: text },
  { key: 'age', hint: 'In years', required: false, shape: { kind: 'number', whole: true } },
  { key: 'married', hint: 'Only what the text says', required: false, shape: { kind: 'yes-no' } },
  {
    key: 'address',
    hint: 'Where letters go; leave out what is not there',
    required: false,
    shape: {
      kind: 'group',
      fields: [
        { key: 'street', hint: 'With the number of the house', required: false, shape: text },
        { key: 'town', required: false, shape: text },
      ],
    },
  },
  {
    key: 'pets',
    hint: 'Every animal of the household',
    required: false,
    shape: {
      kind: 'list',
      item: {
        kind: 'group',
        fields: [
          { key: 'animal', hint: 'Its kind', required: true, shape: text },
          { key: 'called', required: false, shape: text },
        ],
      },
    },
  },
]

/** A form of people, opened. @returns the place it is in */
async function openPeople(page: Page): Promise<Locator> {
  await page.evaluate(async fields => {
    await window.hearth.call('forms.create', { name: 'People', instructions: '', fields } as never)
  }, people)
  await page.keyboard.press('ControlOrMeta+Shift+e')
  const place = page.getByRole('main')
  await place.getByRole('button', { name: /^People/ }).click()
  return place
}

test('results that are corrected, run again, not saved, failed and exported', async ({ computer }) => {
  test.setTimeout(300_000)
  const { app, page } = await begin(computer)
  await addBrokenModel(computer.models, 'broken')
  await page.reload()
  const place = await openPeople(page)
  const source = page.getByRole('textbox', { name: 'Text to read' })
  const filled = page.getByRole('region', { name: 'Filled form' })
  const field = (name: string) => filled.getByRole('textbox', { name, exact: true })
  // In every language.
  const inSight = {
    each: () => place.locator('.filled-form').evaluate(form => form.scrollIntoView({ block: 'center' })),
  }
  const done = () => expect(filled).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 })
  await source.fill('Percival has a hamster and is 38 years old.')
  await page.keyboard.press('ControlOrMeta+Enter')
  await done()
  await filled.getByRole('radio', { name: 'Not said' }).click()
  await field('age').fill('many')
  await expect(page.getByText('is not saved yet', { exact: false })).toBeVisible()
  await eightLooks(page, 'form-hints', inSight)
  await eightLooks(page, 'form-hints-end', {
    each: () => place.locator('.bar-in-padding').evaluate(box => box.scrollTo({ top: 100_000 })),
  })
  await field('age').fill('38')
  await expect(page.getByText('is not saved yet', { exact: false })).toBeHidden()

  // Another program that writes keeps this one waiting until it gives up.
  const other = Database.openPlain(join(computer.home, 'forms', 'forms.db'))
  other.exec('BEGIN IMMEDIATE')
  await field('age').fill('39')
  await expect(page.getByText('could not be saved yet', { exact: false })).toBeVisible()
  await eightLooks(page, 'form-unwritten', inSight)
  other.exec('ROLLBACK')
  other.close()
  await field('age').fill('40')
  await expect(page.getByText('could not be saved yet', { exact: false })).toBeHidden()

  await page.getByRole('button', { name: 'Fill it again' }).click()
  await expect(page.getByText('The result is being filled again.', { exact: true })).toBeVisible()
  await done()
  await page.getByRole('button', { name: 'Back to the earlier answer' }).focus()
  await expect(page.getByRole('tooltip')).toBeVisible()
  await eightLooks(page, 'form-earlier', { widths: [1280] })

  await page.getByRole('combobox', { name: 'Model:' }).selectOption('broken')
  await source.fill('Zelda has a cat.')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(filled.getByRole('alert')).toBeVisible()
  await eightLooks(page, 'form-broken-model')
  await page.getByRole('combobox', { name: 'Model:' }).selectOption('hearth-demo')
  await eightLooks(page, 'form-other-model')

  await source.fill('')
  const files = ['Magnus', 'Valentin', 'Priya', 'Ravi'].map(name => ({
    name: `${name}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`${name} has a cat and is 30 years old.`),
  }))
  await page.locator('input[type=file]').setInputFiles(files)
  await page.getByRole('button', { name: 'Run on 4' }).click()
  const queue = page.getByRole('region', { name: 'Progress of the queue' })
  await expect(queue).toContainText(/\d of 4.*left/, { timeout: 60_000 })
  const engine = await enginePid(app)
  process.kill(engine, 'SIGSTOP')
  await eightLooks(page, 'form-queue')
  process.kill(engine, 'SIGCONT')
  await expect(queue.getByRole('progressbar')).toBeHidden({ timeout: 60_000 })
  await page
    .getByRole('table', { name: 'Results' })
    .getByRole('button', { name: /Magnus/ })
    .click()
  await field('name').fill('Magnus '.repeat(5_000))
  await expect(page.getByRole('complementary').getByText('Corrected by you')).toBeVisible()
  await choose(app, join(computer.home, '..', 'people.xlsx'))
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: '(XLSX)' }).click()
  await expect(page.getByText('rows exported', { exact: false }).first()).toBeVisible()
  await eightLooks(page, 'form-exported')
  await page.getByRole('button', { name: 'Actions for this form' }).click()
  await page.getByRole('menuitem', { name: 'Copy the API call' }).click()
  await page.getByRole('dialog').getByRole('radio').last().click()
  await eightLooks(page, 'form-api-call-openai')
})

test('what two windows make of one row, and a text that is too long', async ({ computer }) => {
  test.setTimeout(300_000)
  const { app, page } = await begin(computer)
  const place = await openPeople(page)
  const source = page.getByRole('textbox', { name: 'Text to read' })
  await source.fill('Percival has a hamster and is 38 years old.')
  await page.keyboard.press('ControlOrMeta+Enter')
  const filled = page.getByRole('region', { name: 'Filled form' })
  await expect(filled).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 })
  const age = filled.getByRole('textbox', { name: 'age', exact: true })
  const rowId = (await age.getAttribute('id'))?.replace(/_=age$/, '') ?? ''
  // As another window does.
  const elsewhere = (change: object) =>
    page.evaluate(
      async ([rowId, change]) => {
        const seen = await window.hearth.call('forms.correct', { rowId, revision: -1, answer: {} })
        await window.hearth.call('forms.correct', {
          ...{ rowId, revision: seen.revision },
          answer: { ...seen.answer, ...change },
        })
      },
      [rowId, change] as const,
    )
  const street = filled.getByRole('textbox', { name: 'street' })
  // In every language.
  const contested = place.locator('[data-contested]')
  const inSight = { each: () => contested.first().evaluate(note => note.scrollIntoView({ block: 'center' })) }
  await age.fill('many')
  await elsewhere({ age: 39 })
  await expect(contested).toBeVisible()
  await eightLooks(page, 'form-contested', inSight)
  await street.fill('Am Hang 4')
  await elsewhere({
    address: { street: 'Lange Straße 12, Hinterhaus, dritte Treppe links', town: 'Oldenburg' },
    age: null,
  })
  await expect(contested).toHaveCount(2)
  await eightLooks(page, 'form-contested-more', inSight)

  await app.evaluate(({ clipboard }) => clipboard.writeText('word '.repeat(800_001)))
  await source.focus()
  await page.keyboard.press('ControlOrMeta+v')
  const messages = page.getByRole('region', { name: 'Messages from Hearth' })
  await expect(messages.getByText('This text has', { exact: false })).toBeVisible()
  await eightLooks(page, 'form-text-too-long')
})
