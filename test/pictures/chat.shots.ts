import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { answers, ask, chats, composer, enginePid, importChats, submit } from '../e2e/chat.ts'
import { type Computer, expect, type OpenHearth, test } from '../e2e/launch.ts'
import { addBrokenModel, addCopyOfDemo, addSeeingModel } from '../e2e/models-folder.ts'
import { begin, eightLooks, english } from './eight-looks.ts'
import * as sample from './sample-chats.ts'

const fixture = (...path: string[]) => join(import.meta.dirname, '..', 'fixtures', ...path)
const wide = { widths: [1280] } as const
const narrow = { widths: [720] } as const

const open = (page: Page, title: string) => chats(page).getByRole('button', { name: title, exact: true }).click()
const settled = (page: Page) => expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

async function withSamples(computer: Computer): Promise<OpenHearth> {
  const hearth = await begin(computer)
  await importChats(hearth, computer.home, sample.sampleChats())
  await expect(hearth.page.getByText('New chats: 10', { exact: false }).first()).toBeVisible()
  return hearth
}

test('chats with everything an answer can hold', async ({ computer }) => {
  const { page } = await withSamples(computer)
  await eightLooks(page, 'toast-imported')

  await open(page, sample.everythingTitle)
  await expect(page.getByText('Charge the battery')).toBeVisible()
  await eightLooks(page, 'chat-everything-end')
  const log = page.getByRole('log')
  await page.getByRole('button', { name: /^Thought for/ }).click()
  await eightLooks(page, 'chat-everything-top', {
    each: () => log.locator('..').evaluate(box => box.scrollTo({ top: 0 })),
  })
  await eightLooks(page, 'chat-everything-middle', {
    each: () => log.locator('..').evaluate(box => box.scrollTo({ top: 620 })),
  })
  await page.keyboard.press('ControlOrMeta+f')
  await page.keyboard.type('the light')
  await expect(page.getByRole('search').getByRole('status')).toContainText('of')
  await eightLooks(page, 'chat-find')
  await page.keyboard.type(' of other days')
  await expect(page.getByRole('search').getByRole('status')).toHaveText('Not found')
  await eightLooks(page, 'chat-find-nothing')
  await page.keyboard.press('Escape')
  await log.locator('..').press('End')
  await page.getByRole('article').last().locator('button[aria-haspopup=dialog]').click()
  await eightLooks(page, 'chat-figures')
  await page.keyboard.press('Escape')
  await answers(page).last().locator('button[aria-haspopup=menu]').click()
  await eightLooks(page, 'chat-message-menu')
  await page.keyboard.press('Escape')
  await page
    .getByRole('banner')
    .or(page.getByRole('main').locator('header'))
    .getByRole('button', { name: 'More' })
    .click()
  await eightLooks(page, 'chat-menu')
  await page.keyboard.press('Escape')
  const question = page.getByRole('article', { name: 'Your question' })
  await question.hover()
  await eightLooks(page, 'chat-question-hovered', wide)
  await question.getByRole('button', { name: 'Edit' }).click()
  await eightLooks(page, 'chat-edit')
  await page.keyboard.press('Escape')

  for (const [name, title] of [
    ['chat-chinese', sample.chineseTitle],
    ['chat-forgetful', sample.forgetfulTitle],
    ['chat-trouble', sample.troubleTitle],
    ['chat-tools', sample.toolsTitle],
  ] as const) {
    await open(page, title)
    await settled(page)
    await eightLooks(page, name)
  }
  await page
    .getByRole('article', { name: /^Result of/ })
    .getByRole('button')
    .click()
  await eightLooks(page, 'chat-tools-open')
})

test('the sidebar, its menus, search, the trash and the palette', async ({ computer }) => {
  const { page } = await withSamples(computer)
  await open(page, sample.everythingTitle)
  const menu = async (title: string) => {
    await chats(page).getByRole('button', { name: title, exact: true }).hover()
    await chats(page)
      .getByRole('button', { name: `Actions for “${title}”` })
      .click()
  }
  await menu(sample.chineseTitle)
  await eightLooks(page, 'sidebar-menu', wide)
  await page.getByRole('menuitem', { name: 'Move to folder' }).press('ArrowRight')
  await eightLooks(page, 'sidebar-submenu', wide)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await menu(sample.chineseTitle)
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await eightLooks(page, 'sidebar-rename', wide)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Travel/ }).focus()
  await page.keyboard.press('Tab')
  await eightLooks(page, 'sidebar-focus', wide)
  await page.getByRole('button', { name: 'Hide the sidebar' }).hover()
  await expect(page.getByRole('tooltip')).toBeVisible()
  await eightLooks(page, 'tooltip', wide)
  await page.mouse.move(700, 20)
  await page.locator('#search').fill('sun')
  await expect(chats(page).or(page.getByRole('navigation')).locator('mark').first()).toBeVisible()
  await eightLooks(page, 'search', wide)
  await page.locator('#search').fill('天空')
  await expect(page.getByRole('navigation').locator('mark').first()).toBeVisible()
  await eightLooks(page, 'search-chinese', wide)
  await page.locator('#search').fill('qqqq')
  await expect(page.getByText('Nothing found.', { exact: false })).toBeVisible()
  await eightLooks(page, 'search-nothing', wide)
  await page.locator('#search').fill('')

  const overlay = page.getByRole('dialog')
  await page.setViewportSize({ width: 720, height: 800 })
  await page.keyboard.press('ControlOrMeta+b')
  await expect(overlay).toBeVisible()
  await eightLooks(page, 'sidebar-over', {
    ...narrow,
    each: async () => {
      if (await overlay.isVisible()) return
      await page.keyboard.press('ControlOrMeta+b')
      await expect(overlay).toBeVisible()
    },
  })
  await page.setViewportSize({ width: 1280, height: 800 })

  await menu('Budget table for the trip')
  await page.getByRole('menuitem', { name: /^Delete/ }).click()
  await expect(page.getByText('was deleted.', { exact: false }).first()).toBeVisible()
  await eightLooks(page, 'toast-deleted')

  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('option').first()).toBeVisible()
  await eightLooks(page, 'palette')
  await page.keyboard.type('a')
  await eightLooks(page, 'palette-typed')
  await page.keyboard.type('qqqq')
  await eightLooks(page, 'palette-nothing')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+b')
  await eightLooks(page, 'rail', wide)
})

test('the trash, with all that can be deleted', async ({ computer }) => {
  test.setTimeout(180_000)
  const { page } = await withSamples(computer)
  await deleteForms(page)
  for (const title of ['Budget table for the trip', 'Explain my blood test']) {
    await chats(page).getByRole('button', { name: title, exact: true }).press('Delete')
  }
  for (const title of [sample.chineseTitle, sample.forgetfulTitle]) {
    await open(page, title)
    await settled(page)
    await page.evaluate(async () => {
      const messageId = [...document.querySelectorAll<HTMLElement>('[data-message]')].at(-1)?.dataset.message ?? ''
      await window.hearth.call('conversations.deleteMessage', { messageId })
    })
  }
  await press(page, 'Recently deleted')
  const place = page.getByRole('main')
  await expect(place.getByRole('region', { name: 'Results' }).getByRole('listitem')).toHaveCount(2)
  await eightLooks(page, 'trash')
  await place.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Restore' }).first().click()
  await expect(page.getByText('The message is back.', { exact: true })).toBeVisible()
  await eightLooks(page, 'trash-restored', {
    each: () => place.locator('.column-box').evaluate(box => box.scrollTo({ top: 100_000 })),
  })
  await page.getByRole('button', { name: 'Remove all for good' }).click()
  await eightLooks(page, 'trash-empty-dialog')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click()
  await expect(page.getByText('Nothing here.', { exact: false })).toBeVisible()
  await eightLooks(page, 'trash-nothing')
})

/** Deletes a form with its results, and results of one that stays: three at once, and one. */
const deleteForms = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const texts = [
      'Percival has a hamster and is 38 years old.',
      '收据：东方书店，2026 年 11 月 18 日',
      'Magnus',
      'Priya',
    ]
    for (const [name, kept] of [
      ['Invoices of the year 2026', false],
      ['Pets', true],
    ] as const) {
      const fields = [{ key: 'name', required: true, shape: { kind: 'text' as const } }]
      const { formId } = await window.hearth.call('forms.create', { name, instructions: '', fields })
      const rowIds: string[] = []
      let seen = 0
      for (const text of texts) {
        const { revision } = await window.hearth.call('forms.keepSources', { formId, revision: seen, text })
        seen = revision ?? 0
        const { rowId } = await window.hearth.call('forms.run', { formId, model: 'hearth-demo', revision: seen })
        rowIds.push(rowId ?? '')
      }
      if (!kept) await window.hearth.call('forms.delete', { formId })
      else {
        await window.hearth.call('forms.deleteRows', { formId, rowIds: rowIds.slice(1) })
        await window.hearth.call('forms.deleteRows', { formId, rowIds: rowIds.slice(0, 1) })
      }
    }
  })

test('what an answer waits for, one that is written elsewhere, and a question edited with a picture', async ({
  computer,
}) => {
  test.setTimeout(180_000)
  const { app, page } = await begin(computer, { settings: { ...english, contextLength: 4096 } })
  await addSeeingModel(computer.models, 'seer')
  await page.reload()
  await ask(page, 'What is the capital of France?')
  await settled(page)
  const engine = await enginePid(app)
  const again = page.getByRole('button', { name: 'Answer again' })
  const first = await page.locator('[data-message]').last().getAttribute('data-message')
  process.kill(engine, 'SIGSTOP')
  await again.click()
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'true')
  await page.evaluate(id => window.hearth.call('conversations.selectVersion', { messageId: id ?? '' }), first)
  await expect(page.getByText('An answer is being written in another version.', { exact: true })).toBeVisible()
  await eightLooks(page, 'chat-answer-elsewhere')
  await page.keyboard.press('ControlOrMeta+n')
  await submit(page, 'What is the capital of Japan?')
  await goOnUntil(engine, () => page.getByText('Waiting for another answer').isVisible())
  await eightLooks(page, 'chat-queued')
  process.kill(engine, 'SIGCONT')
  await settled(page)

  await page.keyboard.press('ControlOrMeta+n')
  process.kill(engine, 'SIGSTOP')
  await submit(page, `Summarise this.\n\n${'The hearth stood in a small house at the edge of the wood. '.repeat(200)}`)
  await goOnUntil(engine, () => page.getByText('Reading your question').isVisible())
  await eightLooks(page, 'chat-reading')
  process.kill(engine, 'SIGCONT')
  await settled(page)

  await open(page, 'What is the capital of France?')
  await page.getByRole('article', { name: 'Your question' }).hover()
  await press(page, 'Edit')
  const box = page.getByRole('article', { name: 'Your question' })
  await box
    .locator('input[type=file]')
    .setInputFiles([fixture('pictures', 'red-circle.jpg'), fixture('documents', 'letter.docx')])
  await expect(box.getByText('cannot see pictures', { exact: false })).toBeVisible()
  await expect(box.getByText('letter.docx')).toBeVisible()
  await eightLooks(page, 'chat-edit-blind')
  await press(page, 'Use seer')
  await eightLooks(page, 'chat-edit-picture')
})

test('the beginning of a chat, its composer and how it answers', async ({ computer }) => {
  test.setTimeout(240_000)
  const { app, page } = await begin(computer)
  await expect(page.getByRole('button', { name: 'See other models' })).toBeVisible()
  await eightLooks(page, 'welcome')
  for (let number = 1; number < 4; number += 1) await addCopyOfDemo(computer.models, `gemma3-${number}`)
  await addSeeingModel(computer.models, 'seer')
  await page.reload()
  await expect(page.getByRole('button', { name: /^Model:/ })).toBeVisible()
  await eightLooks(page, 'new-chat')
  await page.getByRole('button', { name: /^Model:/ }).click()
  await expect(page.getByRole('menuitemradio').nth(3)).toBeVisible()
  await eightLooks(page, 'picker')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Add pictures and files' }).hover()
  await expect(page.getByRole('tooltip')).toBeVisible()
  await eightLooks(page, 'composer-tooltip', wide)

  await page.keyboard.press('ControlOrMeta+Shift+p')
  const panel = page.getByRole('complementary', { name: 'How it answers' })
  await panel.getByRole('textbox').first().fill('You are an assistant named Cornelius.')
  await panel.getByRole('slider', { name: 'Creativity' }).focus()
  await page.keyboard.press('Home')
  await eightLooks(page, 'tuning')
  await panel.locator('summary').click()
  await eightLooks(page, 'tuning-more')
  const menu = panel.getByRole('button', { name: 'Use a preset' })
  await menu.click()
  await eightLooks(page, 'presets-menu')
  await page.getByRole('menuitem', { name: 'Save as a preset…' }).click()
  await page.keyboard.type('Cornelius')
  await eightLooks(page, 'presets-save')
  await page.keyboard.press('Enter')
  await menu.click()
  await page.getByRole('menuitem', { name: 'Presets for new chats…' }).click()
  await page.getByRole('dialog', { name: 'Presets' }).getByRole('radio', { name: 'Cornelius' }).check()
  await eightLooks(page, 'presets')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+Shift+p')

  await composer(page).fill(`A long question.\n\n${'It goes on and on, and has 一些中文 in it, too. '.repeat(30)}`)
  await eightLooks(page, 'composer-long')
  await composer(page).fill('')
  await ask(page, 'Hello')
  await settled(page)
  await eightLooks(page, 'chat-short')
  const engine = await enginePid(app)
  process.kill(engine, 'SIGSTOP')
  await ask(page, 'Count from 1 to 30')
  await expect(page.locator('article[aria-busy=true]')).toBeVisible()
  await page.waitForTimeout(1000)
  await eightLooks(page, 'chat-waiting')
  const written = page.locator('[data-writing]')
  await goOnUntil(engine, async () => /\d/.test((await written.allInnerTexts()).join('')))
  await eightLooks(page, 'chat-writing')
  process.kill(engine, 'SIGCONT')
  await settled(page)

  await page.keyboard.press('ControlOrMeta+n')
  await addBrokenModel(computer.models, 'broken')
  await page.reload()
  await page.getByRole('button', { name: /^Model:/ }).click()
  await page.getByRole('menuitemradio', { name: 'broken' }).click()
  await ask(page, 'Why is the sky blue?')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByRole('alert').locator('summary').click()
  await eightLooks(page, 'chat-error')
})

/** Lets a halted engine work in moments of two milliseconds until there is something to see. */
async function goOnUntil(engine: number, seen: () => Promise<boolean>): Promise<void> {
  await expect(async () => {
    process.kill(engine, 'SIGCONT')
    // Waits without giving the turn away, so that the moment stays short.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    process.kill(engine, 'SIGSTOP')
    expect(await seen()).toBe(true)
  }).toPass({ intervals: [100] })
}

test('pictures and documents in a chat', async ({ computer }) => {
  test.setTimeout(240_000)
  const { page } = await begin(computer, { settings: { ...english, contextLength: 1024 } })
  await addSeeingModel(computer.models, 'seer')
  await page.reload()
  const file = async (...path: string[]) => ({
    name: path.at(-1) ?? '',
    mimeType: '',
    buffer: await readFile(fixture(...path)),
  })
  const input = page.locator('input[type=file]')
  const csv = {
    name: 'figures-of-the-whole-year-2026-final.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('a,b,c\n'.repeat(900)),
  }
  const broken = { name: 'broken.pdf', mimeType: '', buffer: Buffer.from('%PDF-1.4\n\u0000\u0001\u0002') }
  await input.setInputFiles([
    await file('pictures', 'red-circle.jpg'),
    await file('pictures', 'red-circle.gif'),
    await file('documents', 'letter.docx'),
    csv,
    broken,
  ])
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByText('This is more than the model holds in view', { exact: false })).toBeVisible()
  await composer(page).fill('What is in these?')
  await eightLooks(page, 'composer-attached')
  await page.getByRole('button', { name: /^Open letter/ }).click()
  await expect(page.getByRole('dialog')).toContainText('3.80')
  await eightLooks(page, 'document')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Remove figures/ }).click()
  await press(page, 'Use seer')
  await ask(page, 'What is in this picture?')
  await settled(page)
  await eightLooks(page, 'chat-pictures')
  await page.getByRole('button', { name: /^Show red-circle.jpg/ }).click()
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible()
  await eightLooks(page, 'picture-large')
  await page.keyboard.press('Escape')
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File(['x'], 'x.png', { type: 'image/png' }))
    document.querySelector('main')?.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data, bubbles: true }))
    document
      .querySelector('main')
      ?.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }))
  })
  await eightLooks(page, 'drop')
})
