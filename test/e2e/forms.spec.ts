import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { readSheet } from 'read-excel-file/node'
import { choose, holdTime, importChats } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addSeeingModel } from './models-folder.ts'

const english = { settings: { language: 'en', theme: 'light', model: 'hearth-demo' } } as const
const percival = 'Percival has a hamster and is 38 years old.'

const id = (kind: number, n: number) => `0${kind}a1fe4f-ee7e-70f8-9eb6-${String(n).padStart(12, '0')}`

/** A chat of one message, as an export has it. */
const talk = (n: number, content: string) => {
  const own = { model: 'hearth-demo', createdAt: n, id: id(1, n) }
  const chat = { ...own, type: 'conversation', title: `Talk ${n}`, updatedAt: n, activeLeaf: id(2, n), pinned: false }
  const message = { ...own, type: 'message', id: id(2, n), conversationId: id(1, n), parentId: null, role: 'user' }
  return [
    { ...chat, folderId: null, system: '', parameters: {} },
    { ...message, content, thinking: '', state: 'complete', model: '' },
  ]
}

const field = (page: Page, name: string) => page.getByRole('region', { name: 'Filled form' }).getByLabel(name)

const document = async (name: string) => ({
  name,
  mimeType: '',
  buffer: await readFile(join(import.meta.dirname, '../fixtures/documents', name)),
})

async function addField(page: Page, name: string, kind = 'Text'): Promise<void> {
  await page.getByRole('button', { name: 'Add a field' }).click()
  // Its name has the focus once it is drawn; a person is not quicker than that.
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await page.keyboard.type(name)
  await page.getByRole('combobox', { name: 'Kind' }).selectOption(kind)
  await page.getByRole('switch', { name: 'Required' }).click()
}

test('a person builds a form by clicking, fills it from a text, corrects it, and takes the table away', async ({
  computer,
}) => {
  const { app, page } = await computer.start(english)
  await addSeeingModel(computer.models, 'seer')
  await page.reload()
  await expect(page.getByRole('button', { name: /^Forms/ })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await picture(page, 'forms-home')
  await page.getByRole('button', { name: 'Empty form' }).click()
  await page.getByRole('textbox', { name: 'Name of the form' }).fill('People')
  await addField(page, 'pet')
  await addField(page, 'name')
  await addField(page, 'age', 'Number')
  await page.getByRole('radio', { name: 'Whole number' }).click()
  await picture(page, 'forms-builder')
  await page.getByRole('textbox', { name: 'Text to read' }).fill(percival)
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('region', { name: 'Filled form' })).toHaveAttribute('aria-busy', 'false')
  await expect(field(page, 'pet')).toHaveValue('hamster')
  await expect(field(page, 'name')).toHaveValue('Percival')
  await expect(field(page, 'age')).toHaveValue('38')
  await picture(page, 'forms-filled')

  await field(page, 'age').fill('39')
  await expect(page.getByText('Corrected by you')).toBeVisible()
  await page.getByRole('radio', { name: /Results/ }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('39')
  await picture(page, 'forms-results')

  // Each as the window names the file, and as a program that knows nothing of Hearth reads it.
  const taken = async (format: string) => {
    const path = join(computer.home, '..', `people.${format}`)
    await choose(app, path)
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: `(${format.toUpperCase()})` }).click()
    // The file has its name only once it is whole.
    await expect.poll(() => existsSync(path)).toBe(true)
    await expect(page.getByText('The export is finished.', { exact: true }).last()).toBeVisible()
    return readFile(path)
  }
  expect((await taken('csv')).toString()).toBe(`\ufeffSource,pet,name,age\r\n${percival},hamster,Percival,39\r\n`)
  expect(await readSheet(await taken('xlsx'))).toEqual([
    ['Source', 'pet', 'name', 'age'],
    [percival, 'hamster', 'Percival', 39],
  ])
  const { form, schema, rows } = JSON.parse((await taken('json')).toString())
  expect(form).toBe('People')
  expect(schema.properties.age.type).toBe('integer')
  expect(rows).toMatchObject([{ answer: { pet: 'hamster', name: 'Percival', age: 39 } }])

  // A day, a list and a group: whatever the demo makes of them, it fits, and stands where it belongs.
  await page.getByRole('button', { name: 'All forms' }).click()
  await page.getByRole('button', { name: 'Empty form' }).click()
  await addField(page, 'day', 'Date')
  await addField(page, 'pets', 'List')
  await page.getByRole('textbox', { name: 'Most characters' }).fill('20')
  await page.getByRole('textbox', { name: 'Fewest entries' }).fill('1')
  await page.getByRole('textbox', { name: 'Most entries' }).fill('1')
  await addField(page, 'person', 'Group of fields')
  const inside = page.getByRole('list', { name: 'Fields in this group' })
  await inside.getByRole('button', { name: 'New field' }).click()
  await inside.getByRole('textbox', { name: 'Name', exact: true }).fill('age')
  await inside.getByRole('combobox', { name: 'Kind' }).selectOption('Number')
  await page.getByRole('textbox', { name: 'Text to read' }).fill(percival)
  await page.keyboard.press('ControlOrMeta+Enter')
  const filled = page.getByRole('region', { name: 'Filled form' })
  await expect(filled).toHaveAttribute('aria-busy', 'false')
  await expect(filled.getByRole('textbox', { name: 'day' })).toHaveValue(/^\d{4}-\d\d-\d\d$/)
  await expect(filled.getByRole('group', { name: 'pets' }).getByRole('textbox')).toHaveCount(1)
  await filled.getByRole('group', { name: 'person' }).getByLabel('age').fill('39')
  await expect(page.getByText('Corrected by you')).toBeVisible()
  await picture(page, 'forms-kinds')

  // A picture: by the model that was chosen it is left out or seen, and the answer is one the form allows.
  await page.getByRole('button', { name: 'All forms' }).click()
  await page.getByRole('button', { name: 'From an example or a schema' }).click()
  const properties = { color: { enum: ['red', 'blue'] }, shape: { enum: ['square', 'circle'] } }
  const required = ['color', 'shape']
  await page.keyboard.insertText(JSON.stringify({ type: 'object', properties, required }))
  await page.getByRole('dialog').getByRole('button', { name: 'Make the form' }).click()
  await page.getByRole('combobox', { name: 'Model:' }).selectOption('hearth-demo')
  const circle = join(import.meta.dirname, '..', 'fixtures', 'pictures', 'red-circle.jpg')
  await page.locator('input[type=file]').setInputFiles(circle)
  await page.getByRole('button', { name: 'Leave out 1 picture' }).click()
  await expect(page.getByRole('list', { name: 'Files to read' })).toBeHidden()
  await page.locator('input[type=file]').setInputFiles(circle)
  await page.getByRole('button', { name: 'Use seer' }).click()
  await page.getByRole('button', { name: 'Fill the form' }).click()
  await expect(field(page, 'color')).toHaveValue(/^(red|blue)$/)
  await expect(field(page, 'shape')).toHaveValue(/^(square|circle)$/)
  await page.getByRole('radio', { name: /Results/ }).click()
  await page.getByRole('table', { name: 'Results' }).getByRole('button', { name: 'Done red-circle.jpg' }).click()
  const open = page.getByRole('complementary', { name: 'The open result' })
  await expect(open.getByRole('img', { name: 'red-circle.jpg' })).toBeVisible()
  await picture(page, 'forms-picture')

  // Two of many chats, one of them old.
  const talks = Array.from({ length: 130 }, (_, n) => talk(n + 1, n === 6 ? percival : `Chat ${n + 1} has a cat.`))
  await importChats({ app, page }, computer.home, talks.flat())
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await page.getByRole('button', { name: /^People/ }).click()
  await page.getByRole('button', { name: 'From chats' }).click()
  const chats = page.getByRole('dialog', { name: 'Which chats are to be read?' })
  await expect(chats.getByRole('checkbox')).toHaveCount(100)
  await chats.getByRole('checkbox', { name: /^Talk 130/ }).check()
  await chats.getByRole('searchbox').fill('talk 7')
  await chats.getByRole('checkbox', { name: /^Talk 7 / }).focus()
  await page.keyboard.press('Space')
  await picture(page, 'forms-chats')
  await chats.getByRole('button', { name: 'Add 2 chats' }).click()
  await expect(page.getByRole('list', { name: 'Files to read' })).toContainText('Talk 7')
  await page.getByRole('textbox', { name: 'Text to read' }).fill('')
  await page.getByRole('button', { name: 'Run on 2' }).click()
  const table = page.getByRole('table', { name: 'Results' })
  await expect(table.getByRole('row', { name: /Talk 7.*Percival/ })).toBeVisible()

  // Documents: each by itself, whatever is wrong with another.
  await page.getByRole('radio', { name: 'Form' }).click()
  const report = await document('report.pdf')
  const broken = { ...report, name: 'broken.pdf', buffer: report.buffer.subarray(0, 400) }
  const documents = [
    broken,
    await document('encrypted.pdf'),
    report,
    await document('letter.docx'),
    await document('scan.pdf'),
  ]
  await page.locator('input[type=file]').setInputFiles(documents)
  const list = page.getByRole('list', { name: 'Files to read' })
  await expect(list).toContainText('scan.pdf')
  await expect(page.getByRole('alert')).toContainText('broken.pdf was not added. It is damaged or not whole')
  await expect(page.getByRole('alert')).toContainText('encrypted.pdf was not added. It is protected by a password.')
  await expect(page.getByText('scan.pdf holds no text, only pictures of its pages')).toBeVisible()
  await expect(page.getByText('hearth-demo cannot see pictures.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run on 3' })).toBeDisabled()
  await picture(page, 'forms-documents')
  await page.getByRole('button', { name: 'Use seer' }).click()
  await page.getByRole('button', { name: 'Run on 3' }).click()
  await expect(table.getByRole('row', { name: /Done report\.pdf.*hamster.*Percival.*38/ })).toBeVisible()
  await expect(table.getByRole('row', { name: /Done letter\.docx/ })).toBeVisible()
  await table.getByRole('button', { name: /letter\.docx/ }).click()
  await expect(open).toContainText('罂粟籽蛋糕 | 3.80')
  // The pages of the scan, by decoders of which two are WebAssembly: in the middle of each is a shape, and no paper.
  await table.getByRole('button', { name: /scan\.pdf/ }).click()
  await expect(open.getByRole('img', { name: /^scan\.pdf [1234]$/ })).toHaveCount(4)
  const middles = await open.getByRole('img').evaluateAll(async images => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    const middle = async (image: Element) => {
      if (!context || !(image instanceof HTMLImageElement)) return []
      await image.decode()
      context.drawImage(image, -image.naturalWidth / 2, -image.naturalHeight / 2)
      return [...context.getImageData(0, 0, 1, 1).data].map(value => (value > 128 ? 1 : 0))
    }
    const colours = []
    for (const image of images) colours.push((await middle(image)).join(''))
    return colours
  })
  expect(middles).toEqual(['1001', '0001', '1001', '0001'])
  await picture(page, 'forms-scan')
})

test('a person pastes an example, runs the form over many files with pause and resume, and opens a row beside its source', async ({
  computer,
}) => {
  const { page } = await computer.start(english)
  await page.keyboard.press('ControlOrMeta+Shift+e')
  await page.getByRole('button', { name: 'From an example or a schema' }).click()
  const dialog = page.getByRole('dialog')
  await page.keyboard.insertText('{"type": "object", "properties": {"me": {"$ref": "#"}}}')
  await expect(dialog).toContainText('A part of this schema contains itself')
  // Wrong, and impossible: each is told with what to do, and what was pasted stays, to be mended.
  const pasted = dialog.getByRole('textbox')
  await pasted.fill('{"type": "object", "properties": {"age": ')
  await expect(dialog).toContainText('not whole. Check the brackets and quotation marks, or copy it again.')
  const age = { type: 'integer', minimum: 5, maximum: 1 }
  const impossible = JSON.stringify({ type: 'object', properties: { age }, required: ['age'] })
  await pasted.fill(impossible)
  await dialog.getByRole('button', { name: 'Make the form' }).click()
  await expect(dialog).toContainText('No answer can fit this form.')
  await expect(dialog).toContainText('Change or remove it, then try again.')
  await expect(dialog).toContainText('#/properties/age')
  await expect(pasted).toHaveValue(impossible)
  await pasted.fill('{"pet": "hamster", "name": "Percival", "age": 38}')
  await expect(dialog).toContainText('An example with 3 fields: pet, name, age')
  await picture(page, 'forms-paste')
  await dialog.getByRole('button', { name: 'Make the form' }).click()
  await page.getByRole('textbox', { name: 'Name of the form' }).fill('Pets')

  const people = ['Percival', 'Magnus', 'Valentin', 'Priya', 'Ravi', 'Zelda', 'Dmitri', 'Ignacio']
  const files = people.map((name, index) => ({
    name: `${name}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(
      // One that no model here can read whole, and one that it is sure to read right.
      index === 1
        ? 'Magnus has a cat. '.repeat(2_000)
        : index === 0
          ? percival
          : `${name} has a cat and is ${20 + index} years old.`,
    ),
  }))
  const pdf = { name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n\u0000\u0001\u0002') }
  await page.locator('input[type=file]').setInputFiles([...files, pdf])
  await expect(page.getByRole('alert')).toContainText('scan.pdf was not added. It is damaged or not whole')
  await picture(page, 'forms-files')
  await page.getByRole('button', { name: 'Run on 8' }).click()
  await page.getByRole('button', { name: 'Pause' }).click()
  const queue = page.getByRole('region', { name: 'Progress of the queue' })
  await expect(queue).toContainText('Paused')
  await picture(page, 'forms-paused')
  // Through a restart of the page: main has the queue.
  await page.reload()
  // Who comes back to a queue sees it, and can let it go on.
  await expect(queue).toContainText('Paused')
  await queue.getByRole('button', { name: 'Resume' }).click()
  await expect(queue).toContainText('1 failed')
  await expect(queue.getByRole('progressbar')).toBeHidden()
  const table = page.getByRole('table', { name: 'Results' })
  await expect(table.getByRole('row')).toHaveCount(9)

  await table.getByRole('button', { name: 'age' }).click()
  await table.getByRole('button', { name: 'age' }).click()
  await expect(table.getByRole('row').nth(1)).toContainText(/Percival.*38/)
  await page.getByRole('searchbox', { name: 'Filter' }).fill('percival')
  await expect(table.getByRole('row')).toHaveCount(2)
  await table.getByRole('button', { name: /Percival/ }).click()
  const open = page.getByRole('complementary', { name: 'The open result' })
  await expect(open).toContainText(percival)
  await expect(open.getByLabel('name')).toHaveValue('Percival')
  await page.getByRole('searchbox', { name: 'Filter' }).fill('')
  await picture(page, 'forms-row')
  await page.getByRole('button', { name: 'Actions for this form' }).click()
  await page.getByRole('menuitem', { name: 'Copy the API call' }).click()
  await expect(dialog).toContainText('/api/chat')
  await picture(page, 'forms-api-call')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Actions for this form' }).click()
  await holdTime(page)
  await page.getByRole('menuitem', { name: 'Delete the form' }).click()
  await expect(page.getByRole('button', { name: /^Pets/ })).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: /^Pets/ })).toContainText('8 results · 1 failed')
})
