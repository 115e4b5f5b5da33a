import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { answers, ask } from '../e2e/chat.ts'
import { expect, test } from '../e2e/launch.ts'
import { begin, eightLooks, english } from './eight-looks.ts'

test('the server and its log', async ({ computer }) => {
  test.setTimeout(180_000)
  const { page } = await begin(computer)
  await page.keyboard.press('ControlOrMeta+Shift+s')
  const place = page.getByRole('main')
  const address = String(await place.locator('code', { hasText: 'http://' }).first().textContent())
  await expect(page.getByText('What other programs ask will stand here.', { exact: false })).toBeVisible()
  await eightLooks(page, 'server')
  await Promise.all([
    fetch(`${address}/api/version`),
    fetch(`${address}/api/tags`),
    fetch(`${address}/api/show`, { method: 'POST', body: '{"model":"nowhere"}' }),
    fetch(`${address}/v1/models`),
    fetch(`${address}/api/chat`, {
      method: 'POST',
      body: '{"model":"hearth-demo","stream":false,"messages":[{"role":"user","content":"Hi"}]}',
    }).then(answer => answer.text()),
  ])
  await expect(page.getByRole('log')).toContainText('/api/chat')
  await eightLooks(page, 'server-log', {
    each: () => page.getByRole('log').evaluate(log => log.scrollIntoView({ block: 'center' })),
  })
  await eightLooks(page, 'server-examples', {
    each: () => place.locator('.column-box').evaluate(box => box.scrollTo({ top: 100_000 })),
  })
  await place.locator('.column-box').evaluate(box => box.scrollTo({ top: 0 }))
  await page.getByRole('radio', { name: 'The local network, too' }).click()
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const port = page.getByRole('textbox', { name: 'Port' })
  await port.fill(String((taken.address() as AddressInfo).port))
  await port.press('Enter')
  await expect(page.getByText('This port belongs to another program.').first()).toBeVisible()
  const origin = page.getByRole('textbox', { name: 'Address of a web page' })
  await origin.fill('https://chat.example.com')
  await origin.press('Enter')
  await eightLooks(page, 'server-network')
  await new Promise(resolve => taken.close(resolve))
  await page.getByRole('switch', { name: 'Let other programs in' }).click()
  await eightLooks(page, 'server-off')
})

test('the settings, section by section', async ({ computer }) => {
  test.setTimeout(240_000)
  const { app, page } = await begin(computer, { settings: { ...english, quickKey: 'Mod+Alt+H' } })
  await ask(page, 'What is the capital of France?')
  await expect(answers(page)).toHaveAttribute('aria-busy', 'false')
  await page.evaluate(() => window.hearth.call('backups.take', {}))
  await page.keyboard.press('ControlOrMeta+n')
  await ask(page, 'And of Japan?')
  await expect(answers(page)).toHaveAttribute('aria-busy', 'false')
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByRole('region', { name: 'Backups' }).getByRole('listitem').first()).toBeVisible()
  const box = page.getByRole('main').locator('.column-box')
  await eightLooks(page, 'settings-1')
  for (let screen = 1; screen < 6; screen += 1) {
    await eightLooks(page, `settings-${screen + 1}`, {
      each: () => box.evaluate((box, top) => box.scrollTo({ top }), screen * 680),
    })
  }
  const backups = page.getByRole('region', { name: 'Backups' })
  await backups
    .getByRole('listitem')
    .first()
    .getByRole('button', { name: /^Go back/ })
    .click()
  await expect(page.getByRole('dialog').getByRole('list').or(page.getByText('No chat would'))).toBeVisible()
  await eightLooks(page, 'settings-go-back')
  await page.keyboard.press('Escape')
  await backups.getByRole('listitem').first().getByRole('button').last().click()
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Remove' })).toBeVisible()
  await eightLooks(page, 'settings-remove-backup')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Export all' }).click()
  await eightLooks(page, 'settings-export')
  await page.keyboard.press('Escape')

  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('Quick question')
  const opened = app.waitForEvent('window')
  await page.keyboard.press('Enter')
  const quick = await opened
  await quick.getByRole('main').waitFor()
  const asItIs = { widths: null }
  await eightLooks(quick, 'quick', asItIs)
  await ask(quick, 'What is the capital of France?')
  await expect(answers(quick).last()).toHaveAttribute('aria-busy', 'false')
  await eightLooks(quick, 'quick-answered', asItIs)
})

test.describe('after trouble', () => {
  test.use({ expectedComplaint: /./ })
  test('notices', async ({ computer }) => {
    await mkdir(computer.home, { recursive: true })
    await writeFile(join(computer.home, 'settings.json'), '{')
    await writeFile(join(computer.home, 'conversations.db'), 'no database at all'.repeat(500))
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    const { page } = await begin(computer, {
      env: { OLLAMA_HOST: `127.0.0.1:${(taken.address() as AddressInfo).port}` },
    })
    await expect(page.getByRole('region').first()).toBeVisible()
    await eightLooks(page, 'notices')
    await new Promise(resolve => taken.close(resolve))
  })
})
