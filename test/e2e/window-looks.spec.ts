import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import type { Settings } from '../../preload/contract.ts'
import { type DebianRegistry, publish, startRegistry } from '../integration/registry/debian-registry.ts'
import { FaultyProxy } from '../integration/registry/faulty-proxy.ts'
import { ask, chats, newChat } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addBrokenModel, addCopyOfDemo } from './models-folder.ts'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe finds wrong, one line each. Heading order is left out: a model's answer may begin with any heading.
 * @param but further rules that do not fit this state
 */
async function violations(page: Page, but: readonly string[] = []): Promise<string[]> {
  // What is half faded in has too little contrast for a moment; what breathes never ends.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    return Promise.allSettled(ending.map(({ finished }) => finished))
  })
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe)
  const found = await page.evaluate(async but => {
    const { axe } = window as unknown as { axe: { run(page: Document, options: object): Promise<AxeResults> } }
    const rules = Object.fromEntries(['heading-order', ...but].map(rule => [rule, { enabled: false }]))
    return axe.run(document, { rules, resultTypes: ['violations'] })
  }, but)
  return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html}`))
}

const change = (page: Page, settings: Partial<Settings>) =>
  page.evaluate(settings => window.hearth.call('settings.change', settings), settings)

/** In each theme, each language and each width once; the last is how the window stood before. */
const looks = [
  { theme: 'dark', language: 'zh-CN', width: 1280 },
  { theme: 'light', language: 'zh-CN', width: 720 },
  { theme: 'light', language: 'en', width: 1280 },
] as const

/** Has axe judge what a light, English and wide window shows now, also in the other theme, language and width. */
async function judge(page: Page, name: string, but: readonly string[] = []): Promise<void> {
  // Nothing moves, so nothing has to be waited for.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const { theme, language, width } of looks) {
    await change(page, { theme, language })
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page.setViewportSize({ width, height: 800 })
    await drawn(page)
    expect(await violations(page, but), `${name}-${theme}-${language}-${width}`).toEqual([])
  }
}

/** Waits until what was measured in one frame has been placed in the next. */
const drawn = (page: Page) =>
  page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(resolve => requestAnimationFrame(resolve))
  })

const settled = (page: Page) => expect(page.getByRole('article').last()).toHaveAttribute('aria-busy', 'false')

test('axe finds nothing in any state of the window', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await judge(page, 'welcome')

  for (const [name, question] of [
    ['table', 'Make a table of 3 planets and their colours.'],
    ['code', 'Give me a Python function that halves a number.'],
    ['formula', 'Give me the sum of the first n numbers as a LaTeX formula.'],
  ] as const) {
    await newChat(page)
    await ask(page, question)
    await settled(page)
    await judge(page, `chat-${name}`)
  }
  await page.getByRole('article').last().locator('button[aria-haspopup=dialog]').click()
  // Like a menu, it stands beside the landmarks of the page.
  await judge(page, 'figures', ['region'])
  await page.keyboard.press('Escape')

  await page.locator('button[aria-haspopup=menu]', { hasText: 'hearth-demo' }).click()
  // A menu stands beside the landmarks of the page, and has the focus.
  await judge(page, 'picker', ['region'])
  await page.keyboard.press('Escape')

  const csv = { name: 'figures-of-the-year.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b,c\n'.repeat(5_000)) }
  const notes = { name: 'notes.md', mimeType: '', buffer: Buffer.from('# Notes\n\nMy name is Lena.\n'.repeat(40)) }
  await page.locator('input[type=file]').setInputFiles([csv, notes])
  const chips = page.getByRole('main').locator('li:has(.lucide-file-text)')
  await expect(chips).toHaveCount(2)
  await judge(page, 'documents')
  await chips.last().getByRole('button').first().click()
  await expect(page.getByRole('dialog')).toContainText('Lena')
  await judge(page, 'document')
  await page.keyboard.press('Escape')

  await addBrokenModel(computer.models, 'broken')
  await newChat(page)
  await page.reload()
  await ask(page, 'Why is the sky blue?')
  await expect(page.getByRole('alert')).toBeVisible()
  await judge(page, 'error')

  await page.locator('#search').fill('python')
  await expect(page.getByRole('navigation').locator('mark').first()).toBeVisible()
  await judge(page, 'search')
  await page.locator('#search').fill('')

  await page.keyboard.press('ControlOrMeta+Shift+p')
  await page.getByRole('complementary').locator('summary').click()
  await judge(page, 'tuning')
  await page.keyboard.press('ControlOrMeta+Shift+p')

  await page.keyboard.press('ControlOrMeta+Shift+s')
  await expect(page.getByRole('main').locator('pre')).toBeVisible()
  await judge(page, 'server')

  await page.evaluate(() => window.hearth.call('backups.take', {}))
  await page.keyboard.press('ControlOrMeta+,')
  await judge(page, 'settings')
  // A section below brought into sight scrolls its page, and never the window with its sidebar.
  const backups = page.getByRole('region', { name: 'Backups' })
  await backups.evaluate(section => section.scrollIntoView({ block: 'start' }))
  expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0)
  await judge(page, 'settings-backups')
  await backups.getByRole('listitem').first().getByRole('button').first().click()
  await expect(page.getByRole('dialog').getByRole('list').or(page.getByText('No chat would'))).toBeVisible()
  await judge(page, 'settings-go-back')
  await page.keyboard.press('Escape')

  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('option').first()).toBeVisible()
  await judge(page, 'palette')
  await page.keyboard.press('Escape')

  await page.setViewportSize({ width: 720, height: 800 })
  await page.keyboard.press('ControlOrMeta+b')
  await expect(page.getByRole('dialog')).toBeVisible()
  await picture(page, 'sidebar-over-narrow-window')
  expect(await violations(page)).toEqual([])
})

/** A registry with one model, which never arrives: one of its pictures is to be taken on its way. */
let real: DebianRegistry
let registry: FaultyProxy
test.beforeAll(async () => {
  real = await startRegistry()
  registry = await FaultyProxy.start(real.host)
  registry.fault = ({ method, path }) => (method === 'GET' && path.includes('/blobs/') ? { slow: 20_000 } : undefined)
  await publish(real.host, 'library/tiny', 'latest', [['model', Buffer.alloc(5_000_000, 'weights')]])
})
test.afterAll(async () => {
  await registry?.close()
  await real?.close()
})

test('axe finds nothing in any state of the place for models', async ({ computer }) => {
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  // As many as are filtered and sorted.
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await expect(page.getByRole('listitem', { name: 'hearth-demo', exact: true })).toBeVisible()
  for (let number = 1; number < 8; number += 1) await addCopyOfDemo(computer.models, `model-${number}`)
  await page.reload()
  await expect(page.getByRole('main').getByRole('searchbox')).toBeVisible()
  await judge(page, 'models')
  const place = page.getByRole('main')
  await place.getByRole('listitem').getByRole('button').nth(1).click()
  await page.getByRole('dialog').locator('summary').last().click()
  await judge(page, 'model-details')
  await page.keyboard.press('Escape')
  await place.getByRole('listitem').locator('button[aria-haspopup=menu]').first().click()
  await page.getByRole('menuitem').last().click()
  await judge(page, 'model-delete')
  await page.keyboard.press('Escape')
  await place.getByRole('tab').nth(1).click()
  await expect(place.getByRole('listitem').locator('.text-leaf').first()).toBeVisible()
  // Also what a link has led to.
  await app.evaluate(({ app }) => app.emit('second-instance', {}, ['hearth://pull/someone/tiny'], '/'))
  await expect(place.getByRole('heading', { name: 'A link leads to this model' })).toBeFocused()
  await judge(page, 'models-discover')
  await place.getByRole('textbox').fill(`http://${registry.host}/library/tiny`)
  await page.keyboard.press('Enter')
  await expect(place.getByRole('progressbar')).toHaveAttribute('value', /[1-9]/)
  await place.getByRole('textbox').fill(`http://${registry.host}/library/nowhere`)
  await page.keyboard.press('Enter')
  await expect(place.getByRole('alert')).toBeVisible()
  await judge(page, 'models-pulling')
  await place.getByRole('tab').nth(2).click()
  await place.getByRole('combobox').selectOption('hearth-demo')
  await place.locator('form').getByRole('button').first().click()
  await expect(page.getByRole('complementary').last().getByRole('textbox')).toBeVisible()
  await judge(page, 'models-create')
})

test('axe finds nothing in any state of Form Studio', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await ask(page, 'What is the capital of France?')
  await settled(page)
  await page.keyboard.press('ControlOrMeta+Shift+e')
  const place = page.getByRole('main')
  await expect(place.getByRole('heading', { level: 2 }).first()).toBeVisible()
  await judge(page, 'forms')
  // The receipt: every kind of field but the group.
  await place.getByRole('button').nth(2).click()
  await place.getByRole('list').getByRole('button').nth(4).click()
  await place
    .getByRole('textbox')
    .last()
    .fill('Bäckerei Lindner, 18.11.2026: rye bread 2 × 4.20, poppy cake 3 × 5.00. EUR 23.40')
  await page.keyboard.press('ControlOrMeta+Enter')
  const filled = place.getByRole('region').last()
  await expect(filled).toHaveAttribute('aria-busy', 'false')
  await judge(page, 'form')
  await filled.locator('button[aria-haspopup=dialog]').first().click()
  // Like a menu, it stands beside the landmarks of the page.
  await judge(page, 'form-calendar', ['region'])
  await page.keyboard.press('Escape')
  await place.getByRole('button', { name: 'From chats' }).click()
  await expect(page.getByRole('dialog').getByRole('checkbox')).toHaveCount(1)
  await judge(page, 'form-chats')
  await page.keyboard.press('Escape')
  await place.getByRole('radio').nth(1).click()
  await place.getByRole('table').getByRole('button').last().click()
  await expect(place.getByRole('complementary')).toBeVisible()
  await judge(page, 'form-results')
  await place.getByRole('button', { name: 'Delete this result' }).click()
  await chats(page).getByRole('button', { name: 'What is the capital of France?', exact: true }).press('Delete')
  await chats(page).getByRole('button', { name: 'Recently deleted' }).click()
  await expect(place.getByRole('listitem')).toHaveCount(2)
  await judge(page, 'trash')
})

test('high contrast and no motion are followed', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const token = (name: string) =>
    page.evaluate(name => getComputedStyle(document.documentElement).getPropertyValue(name).trim(), name)
  await page.emulateMedia({ contrast: 'more', reducedMotion: 'reduce' })
  expect(Number.parseFloat(await token('--quick-time'))).toBe(0)
  await picture(page, 'welcome-high-contrast')
  expect(await violations(page)).toEqual([])
})
