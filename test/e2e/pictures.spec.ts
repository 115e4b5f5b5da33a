import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { answers, ask, composer } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addSeeingModel } from './models-folder.ts'

const folder = join(import.meta.dirname, '..', 'fixtures', 'pictures')
const redCircle = join(folder, 'red-circle.jpg')

interface Given {
  readonly name: string
  readonly bytes: Buffer
}

const given = async (name: string): Promise<Given> => ({ name, bytes: await readFile(join(folder, name)) })

/** Hands files to the page as a mouse or the clipboard does. */
async function hand(page: Page, how: 'drop' | 'paste', files: readonly Given[]): Promise<void> {
  const encoded = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
  await composer(page).evaluate(
    (field, { how, encoded }) => {
      const data = new DataTransfer()
      for (const { name, base64 } of encoded) {
        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
        // The name's ending alone chooses this, so it says nothing.
        data.items.add(new File([bytes], name, { type: 'image/png' }))
      }
      const event =
        how === 'drop'
          ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      field.dispatchEvent(event)
    },
    { how, encoded },
  )
}

const tiles = (page: Page) => page.getByRole('list', { name: 'Pictures of your question' }).getByRole('listitem')
const settled = (page: Page) => expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
const drawn = (page: Page) =>
  expect.poll(() => page.evaluate(() => [...document.images].every(image => image.naturalWidth > 0))).toBe(true)

/** Both themes and both languages of what is in sight. */
async function look(page: Page, name: string): Promise<void> {
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'zh-CN'],
  ] as const) {
    await page.evaluate(settings => window.hearth.call('settings.change', settings), { theme, language })
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await picture(page, `${name}-${theme}-${language}`)
  }
  await page.evaluate(() => window.hearth.call('settings.change', { theme: 'light', language: 'en' }))
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
}

test('a dropped picture is named, remembered, shown large, and there after a restart', async ({ computer }) => {
  const first = await computer.start({ settings: { language: 'en', theme: 'light', model: 'hearth-demo' } })
  const { page } = first
  await addSeeingModel(computer.models, 'seer')
  await page.reload()

  // A model that cannot see says so before anything is sent, and the one that can is a click away.
  await hand(page, 'drop', [await given('red-circle.jpg')])
  await expect(tiles(page)).toHaveCount(1)
  await composer(page).fill('What is in this picture?')
  await expect(page.getByText('hearth-demo cannot see pictures.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await drawn(page)
  await look(page, 'pictures-cannot-see')
  // What is not sent is there after a reload, too.
  await page.reload()
  await expect(tiles(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Use seer' }).click()
  await ask(page, 'What is in this picture?')
  await expect(answers(page).last()).toContainText(/red circle/i)
  await settled(page)
  await expect(tiles(page)).toHaveCount(0)

  await ask(page, 'What colour is it?')
  await expect(answers(page)).toHaveCount(2)
  await expect(answers(page).last()).toContainText(/red/i)
  await settled(page)
  await drawn(page)
  await look(page, 'pictures-question')

  const thumbnail = page.getByRole('button', { name: 'Show red-circle.jpg large' })
  await thumbnail.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'red-circle.jpg' })
  await expect(dialog.getByRole('img')).toBeVisible()
  await look(page, 'pictures-large')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(thumbnail).toBeFocused()
  await first.quit()

  const second = await computer.start()
  await second.page.getByRole('button', { name: 'What is in this picture?', exact: true }).click()
  await expect(second.page.getByRole('button', { name: 'Show red-circle.jpg large' })).toBeVisible()
  await drawn(second.page)
  await second.page.getByRole('button', { name: 'Answer again' }).last().click()
  await expect(second.page.getByRole('group', { name: 'Version 2 of 2' })).toBeVisible()
  await expect(answers(second.page).last()).toContainText(/red/i)
  await settled(second.page)
})

test('pictures come by file and paste; what is none is told, and too many are left out', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await page.locator('input[type=file]').setInputFiles(redCircle)
  await expect(tiles(page)).toHaveCount(1)
  await hand(page, 'paste', [await given('red-circle.gif'), await given('red-circle-then-square.webp')])
  // The same circle from another file is another picture only where its pixels differ.
  await expect(page.getByText('A file is being read')).toHaveCount(0)
  const some = await tiles(page).count()
  expect(some).toBeGreaterThan(1)

  const jpeg = await readFile(redCircle)
  await hand(page, 'drop', [
    { name: 'notes.png', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') },
  ])
  await expect(page.getByRole('alert')).toContainText('notes.png was not added. This is no picture Hearth can read.')
  await hand(page, 'drop', [{ name: 'empty.png', bytes: Buffer.alloc(0) }])
  await expect(page.getByRole('alert')).toContainText('empty.png was not added. This is no picture Hearth can read.')
  await hand(page, 'drop', [{ name: 'cut.png', bytes: lyingPng(64, 64) }])
  await expect(page.getByRole('alert')).toContainText('cut.png was not added. This picture is damaged.')
  await hand(page, 'drop', [{ name: 'huge.png', bytes: lyingPng(10_000, 10_000) }])
  await expect(page.getByRole('alert')).toContainText('huge.png was not added. This picture is too large.')
  await expect(tiles(page)).toHaveCount(some)
  await look(page, 'pictures-refused')

  await page.getByRole('button', { name: 'Remove red-circle.jpg' }).click()
  await expect(tiles(page)).toHaveCount(some - 1)
  await expect(page.getByRole('alert')).toHaveCount(0)
  // Fifty different ones: a comment makes no other picture, so they differ in size.
  await page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const data = new DataTransfer()
    for (let index = 0; index < 50; index += 1) {
      const canvas = new OffscreenCanvas(20 + index, 20)
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0, 20 + index, 20)
      data.items.add(new File([await canvas.convertToBlob()], `many-${index}.png`))
    }
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
  }, jpeg.toString('base64'))
  await expect(tiles(page)).toHaveCount(10)
  await expect(page.getByRole('alert')).toContainText('A question takes up to 10 pictures')
  await drawn(page)
  await look(page, 'pictures-many')
})

test('a photograph taken sideways stands upright, and is kept no larger than models see', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const sideways = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3000, 1500)
    const context = canvas.getContext('2d')
    if (context) {
      context.fillStyle = '#c00'
      context.fillRect(0, 0, 1500, 1500)
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' })
    return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), byte => String.fromCharCode(byte)).join(''))
  })
  await hand(page, 'paste', [{ name: 'photo.jpg', bytes: turned(Buffer.from(sideways, 'base64')) }])
  await expect(tiles(page)).toHaveCount(1)
  await drawn(page)
  const kept = await tiles(page)
    .getByRole('img')
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode()
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
      const context = canvas.getContext('2d', { willReadFrequently: true })
      context?.drawImage(image, 0, 0)
      const redAt = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3).join()
      return { size: [image.naturalWidth, image.naturalHeight], top: redAt(500, 100), bottom: redAt(500, 1900) }
    })
  expect(kept).toEqual({ size: [1024, 2048], top: expect.stringMatching(/^20\d,/), bottom: '0,0,0' })
})

test.describe('a picture taken from the disk', () => {
  test.use({ expectedComplaint: /Failed to load resource/ })

  test('leaves its chat readable, and says that it is gone', async ({ computer }) => {
    const first = await computer.start({ settings: { language: 'en', theme: 'light' } })
    await addSeeingModel(computer.models, 'seer')
    await first.page.evaluate(() => window.hearth.call('settings.change', { model: 'seer' }))
    await first.page.reload()
    await first.page.locator('input[type=file]').setInputFiles(redCircle)
    await ask(first.page, 'What is in this picture?')
    await expect(answers(first.page).last()).toContainText(/red circle/i)
    await first.quit()
    await rm(join(computer.home, 'attachments'), { recursive: true })

    const { page } = await computer.start()
    await page.getByRole('button', { name: 'What is in this picture?', exact: true }).click()
    await expect(page.getByText('This picture is no longer there')).toBeVisible()
    await expect(answers(page).last()).toContainText(/red circle/i)
    await look(page, 'pictures-missing')
  })
})

/** A PNG whose header claims a size that its data does not have. */
function lyingPng(width: number, height: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([head, size, Buffer.from('0802000000', 'hex'), Buffer.alloc(60)])
}

/** A JPEG with an EXIF header that says: turn by 90 degrees to the right (orientation 6). */
function turned(jpeg: Buffer): Buffer {
  const exif = Buffer.from(
    '457869660000' + '4d4d002a00000008' + '0001' + '0112000300000001' + '00060000' + '00000000',
    'hex',
  )
  const length = Buffer.alloc(2)
  length.writeUInt16BE(exif.length + 2)
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from('ffe1', 'hex'), length, exif, jpeg.subarray(2)])
}

// A window that does not come back, or stands in the picture, makes a screenshot worse than none.
test('a picture of the screen stands in the question, and the window is back', async ({ computer }) => {
  const { page, app } = await computer.start({ settings: { language: 'en', theme: 'light', model: 'hearth-demo' } })
  await page.getByRole('button', { name: 'Take a picture of the screen' }).click()
  await expect(tiles(page)).toHaveCount(1)
  await expect(tiles(page).getByRole('img', { name: 'Screenshot.png' })).toBeVisible()
  await drawn(page)
  const visible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().every(w => w.isVisible()))
  expect(await visible()).toBe(true)
  // Refused by the system: in plain words, with what to do.
  await app.evaluate(({ desktopCapturer }) => {
    desktopCapturer.getSources = () => Promise.reject(new Error('Failed to get sources.'))
  })
  await page.getByRole('button', { name: 'Take a picture of the screen' }).click()
  await expect(page.getByRole('alert')).toContainText('The system does not let Hearth see the screen')
  await expect(tiles(page)).toHaveCount(1)
  expect(await visible()).toBe(true)
})
