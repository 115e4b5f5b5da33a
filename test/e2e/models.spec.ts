import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type DebianRegistry, publish, startRegistry } from '../integration/registry/debian-registry.ts'
import { FaultyProxy } from '../integration/registry/faulty-proxy.ts'
import { answered, ask } from './chat.ts'
import { expect, nextWindow, picture, test } from './launch.ts'
import { addLargeModel } from './models-folder.ts'

const fixture = join(import.meta.dirname, '..', 'fixtures', 'models', 'tiny-chat-f16.gguf')

let registry: DebianRegistry
let proxy: FaultyProxy
test.beforeAll(async () => {
  registry = await startRegistry()
  proxy = await FaultyProxy.start(registry.host)
  await publish(registry.host, 'library/tiny', 'latest', [
    ['model', await readFile(fixture)],
    ['license', '<script>alert(1)</script> Free for everyone.'],
    ['params', '{"temperature":0}'],
  ])
})
test.beforeEach(() => proxy.reset())
test.afterAll(async () => {
  await proxy?.close()
  await registry?.close()
})

/**
 * The registry sends the first fifth, and then so slowly that it never comes to the end of the rest.
 * @returns lets the rest come
 */
const slowly = async (): Promise<() => void> => {
  const { size } = await stat(fixture)
  const slowed: { slow: number; from: number }[] = []
  proxy.fault = ({ method, path, range }) => {
    if (method !== 'GET' || !path.includes('/blobs/')) return undefined
    const fault = { slow: 20_000, from: 0.2 * size - (range?.[0] ?? 0) }
    slowed.push(fault)
    return fault
  }
  return () => {
    proxy.reset()
    for (const fault of slowed) fault.slow = Number.POSITIVE_INFINITY
  }
}
const english = { settings: { language: 'en', theme: 'light' } } as const
const region = (page: Page, name: string) => page.getByRole('region', { name })
const progress = (page: Page) => page.getByRole('progressbar')
const percent = async (page: Page) => Number(await progress(page).getAttribute('value'))

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()

async function get(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await tab(page, 'Discover')
  await page.getByRole('textbox', { name: 'Name or link of a model' }).fill(name)
  await page.keyboard.press('Enter')
}

test('a person finds a model for what they want to do, and learns whether another one runs before getting it', async ({
  computer,
}) => {
  const { page } = await computer.start(english)
  // The demo is all there is: one that fits is proposed at once.
  await expect(region(page, 'A good model for this computer').getByRole('button', { name: /^Get / })).toBeVisible()
  await page.getByRole('button', { name: 'See other models' }).click()
  const discover = region(page, 'Discover')
  await discover.getByRole('radio', { name: 'Program' }).click()
  await expect(discover.getByRole('listitem', { name: 'Qwen 2.5 Coder' })).toContainText('Free for everyone')
  await expect(discover.getByRole('listitem', { name: 'LLaVA 1.6' })).toHaveCount(0)
  await discover.getByRole('radio', { name: 'All', exact: true }).click()
  await discover.getByRole('searchbox').fill('pictures photo')
  await expect(discover.getByRole('listitem', { name: 'LLaVA 1.6' })).toContainText('estimated')
  await picture(page, 'models-discover')
  // Nothing was asked of any other computer so far.
  const field = page.getByRole('textbox', { name: 'Name or link of a model' })
  await field.fill(`http://${proxy.host}/library/tiny`)
  await page.getByRole('button', { name: 'Will it run here?' }).click()
  await expect(region(page, 'Another model')).toContainText(
    /Comfortable: writes faster than you can read, room for about [\d,]+ pages\. \(checked\)/,
  )
  expect(proxy.ranges).toHaveLength(1)
  await field.fill(`http://${proxy.host}/library/nowhere`)
  await page.getByRole('button', { name: 'Will it run here?' }).click()
  await expect(region(page, 'Another model')).toContainText('No model was found under this name')
})

test('a person gets a model, pauses and resumes it, chats with it, looks into it, and deletes it', async ({
  computer,
}) => {
  await slowly()
  const { app, page } = await computer.start(english)
  const name = `${proxy.host}/library/tiny`
  await get(page, `http://${name}`)
  const pulls = region(page, 'On the way')
  await expect.poll(() => percent(page)).toBeGreaterThan(10)
  await picture(page, 'models-pull')
  await pulls.getByRole('button', { name: 'Pause' }).click()
  await expect(pulls).toContainText('Paused')
  const paused = await percent(page)
  expect(paused).toBeLessThan(100)
  // The person goes to another program; what the system would show them is kept.
  await app.evaluate(({ BrowserWindow, Notification }) => {
    const shown: Electron.Notification[] = []
    Object.assign(globalThis, { shown })
    BrowserWindow.getFocusedWindow = () => null
    Notification.isSupported = () => true
    Notification.prototype.show = function () {
      shown.push(this)
    }
  })
  proxy.reset()
  await page.keyboard.press('Enter')
  await expect(pulls).toContainText('Ready to use')
  // What was here before was not fetched again.
  expect(proxy.ranges[0]?.range?.[0]).toBeGreaterThan(0)
  const notified = () =>
    app.evaluate(() =>
      (globalThis as unknown as { shown: Electron.Notification[] }).shown.map(({ title, body }) => ({ title, body })),
    )
  await expect.poll(notified).toEqual([{ title: 'The model is here', body: name }])
  // A click on it leads there, wherever the window is.
  await page.keyboard.press('ControlOrMeta+,')
  await app.evaluate(() => (globalThis as unknown as { shown: Electron.Notification[] }).shown[0]?.emit('click'))
  await expect(pulls).toContainText('Ready to use')

  await tab(page, 'Installed')
  const card = region(page, 'On this computer').getByRole('listitem', { name, exact: true })
  await expect(region(page, 'On this computer')).toContainText('2 models take')
  await pulls.getByRole('button', { name: 'Chat' }).click()
  await ask(page, 'What is the capital of Japan?')
  await answered(page, 'Tokyo')

  await page.keyboard.press('ControlOrMeta+Shift+m')
  await expect(region(page, 'In memory')).toContainText('of memory')
  await page.getByRole('button', { name: `Unload ${name}` }).click()
  await expect(region(page, 'In memory')).toBeHidden()

  await card.getByRole('button', { name: 'Details' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('llama')
  await dialog.getByText('Licence').click()
  await expect(dialog).toContainText('<script>alert(1)</script> Free for everyone.')
  await picture(page, 'models-details')
  await page.keyboard.press('Escape')

  const actions = page.getByRole('button', { name: `Actions for ${name}` })
  await expect(actions).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  await expect(dialog).toContainText('This frees 5.5 MB')
  await picture(page, 'models-delete')
  await dialog.getByRole('button', { name: 'Delete' }).press('Enter')
  await expect(card).toHaveCount(0)
  await expect(pulls).toBeHidden()
  await expect(region(page, 'On this computer')).toContainText('1 model takes')
})

// Closing the window ended what it had said goes on, and on a desktop without a tray nothing could bring it back.
test('a person closes the window while a model comes, looks in once, and finds it there', async ({ computer }) => {
  const letCome = await slowly()
  const { app, page, process } = await computer.start(english)
  const ended = new Promise(resolve => process.once('exit', resolve))
  const name = `${proxy.host}/library/tiny`
  const close = async (window: Page) => {
    const closed = window.waitForEvent('close')
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await closed
  }
  await get(page, `http://${name}`)
  await expect.poll(() => percent(page)).toBeGreaterThan(10)
  await close(page)
  const again = nextWindow(app)
  await app.evaluate(({ app }) => void app.emit('second-instance', {}, [], ''))
  const back = await again
  await back.getByRole('main').waitFor()
  await back.keyboard.press('ControlOrMeta+Shift+m')
  await expect(region(back, 'On the way')).toContainText(name)
  await close(back)
  letCome()
  // It has come, and there is nothing to stay for.
  expect(await ended).toBe(0)
  const host = join(computer.models, 'manifests', proxy.host)
  expect(await readdir(join(host, 'library', 'tiny'))).toEqual(['latest'])
})

test('a model whose last bytes did not come goes on there after a restart', async ({ computer }) => {
  const { size } = await stat(fixture)
  proxy.fault = ({ method, range }) =>
    method === 'GET' && range && range[1] > 0.96 * size ? { slow: 20_000, from: 0.96 * size - range[0] } : undefined
  const first = await computer.start(english)
  await get(first.page, `http://${proxy.host}/library/tiny`)
  await expect.poll(() => percent(first.page)).toBeGreaterThanOrEqual(96)
  await first.quit()
  proxy.reset()
  const { page } = await computer.start()
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await expect(region(page, 'On this computer')).toContainText('2 models take')
  // The rest of the weights, and three small layers.
  const asked = proxy.ranges.map(({ range }) => (range ? range[1] - range[0] + 1 : size))
  expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(0.05 * size)
})

test('a model that is nowhere, and a name that is none, are told in plain words', async ({ computer }) => {
  const { page } = await computer.start(english)
  await get(page, `http://${proxy.host}/library/nowhere`)
  await expect(page.getByRole('alert')).toContainText('No model was found under this name')
  await picture(page, 'models-not-found')
  await region(page, 'On the way').getByRole('button', { name: 'Cancel' }).click()
  await expect(region(page, 'On the way')).toBeHidden()
  await get(page, 'https://ollama.com/search?q=llama')
  await expect(page.getByRole('main')).toContainText('This is neither the name of a model nor a link to one.')
})

test('a copy of a model takes no room, and one can be renamed', async ({ computer }) => {
  const { page } = await computer.start(english)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  const installed = region(page, 'On this computer')
  const change = async (model: string, action: string, to: string, button: string) => {
    await page.getByRole('button', { name: `Actions for ${model}`, exact: true }).click()
    await page.getByRole('menuitem', { name: action }).click()
    await page.getByRole('textbox', { name: 'New name' }).fill(to)
    await page.getByRole('dialog').getByRole('button', { name: button }).click()
  }
  await change('hearth-demo', 'Copy', 'second', 'Make a copy')
  await expect(installed).toContainText('2 models take 3 MB.')
  await change('second', 'Rename', 'Hearth-Demo:latest', 'Rename')
  await expect(page.getByRole('dialog')).toContainText('Another model has this name already.')
  await page.getByRole('textbox', { name: 'New name' }).fill('third:v1')
  await page.keyboard.press('Enter')
  await expect(installed.getByRole('listitem', { name: 'third:v1' })).toBeVisible()
  await expect(installed.getByRole('listitem', { name: 'second' })).toHaveCount(0)
})

// Chatting with it only led to an error, after a wait.
test('a model that is too large for this computer says so in every place it is chosen from', async ({ computer }) => {
  const { page } = await computer.start(english)
  await addLargeModel(computer.models, 'giant')
  await page.keyboard.press('ControlOrMeta+Shift+m')
  const card = page.getByRole('listitem', { name: 'giant', exact: true })
  await expect(card).toContainText(/Does not fit: needs [\d,.]+ TB of memory/)
  await expect(page.getByRole('listitem', { name: 'hearth-demo', exact: true })).toContainText('Comfortable')
  await card.getByRole('button', { name: 'Details' }).click()
  await expect(page.getByRole('dialog')).toContainText('Does not fit')
  await page.keyboard.press('Escape')
  await card.getByRole('button', { name: 'Chat' }).click()
  await expect(page.getByRole('main')).toContainText('Does not fit')
  await page.getByRole('button', { name: 'Find one that fits' }).click()
  await expect(page.getByRole('tab', { name: 'Discover' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ControlOrMeta+n')
  await page.getByRole('button', { name: /^Model:/ }).click()
  await expect(page.getByRole('menuitemradio', { name: 'giant' })).toContainText('Does not fit')
  await page.getByRole('menuitemradio', { name: 'hearth-demo' }).click()
  await expect(page.getByRole('main')).not.toContainText('Does not fit')
})
