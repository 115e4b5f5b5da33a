import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import type { Computer, OpenHearth, StartOptions } from '../e2e/launch.ts'

const folder = join(import.meta.dirname, '..', '..', 'test-results', 'looks')

/** The two widths at which everything has to look right: a usual window, and the narrowest one. */
export type Width = 1280 | 720

interface Options {
  /**
   * One alone, for what goes away when the window gets another width: what hangs on the sidebar or under the pointer.
   * None for a window whose size is its own.
   */
  readonly widths?: readonly Width[] | null
  /** Done in the window once it has that width. */
  readonly each?: () => Promise<void>
}

/**
 * Takes what the window shows in both themes, both languages and both widths, as
 * `test-results/looks/NAME-THEME-LANGUAGE-WIDTH.png`. It ends as it began: light, English and wide.
 */
export async function eightLooks(
  page: Page,
  name: string,
  { widths = [720, 1280], each }: Options = {},
): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    for (const language of ['zh-CN', 'en'] as const) {
      await page.evaluate(look => window.hearth.call('settings.change', look), { theme, language })
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      for (const width of widths ?? [null]) {
        if (width) await page.setViewportSize({ width, height: 800 })
        await drawn(page)
        await each?.()
        const look = [name, theme, language, width].filter(part => part !== null).join('-')
        await page.screenshot({ path: join(folder, `${look}.png`), animations: 'disabled', caret: 'hide' })
      }
    }
  }
  if (widths) await page.setViewportSize({ width: 1280, height: 800 })
  await drawn(page)
}

/** Takes all that is on the screen, for the system's own windows, which are no part of a page. */
export async function wholeScreen(app: ElectronApplication, name: string): Promise<void> {
  const png = await app.evaluate(async ({ desktopCapturer, screen }) => {
    const [source] = await desktopCapturer.getSources({
      types: ['screen'],
      thumbnailSize: screen.getPrimaryDisplay().size,
    })
    return source?.thumbnail.toPNG().toString('base64') ?? ''
  })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.png`), Buffer.from(png, 'base64'))
}

/** Waits until what was measured in one frame has been placed in the next. */
const drawn = (page: Page) =>
  page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(resolve => requestAnimationFrame(resolve))
  })

export const english = { theme: 'light', language: 'en', model: 'hearth-demo' } as const

/** Starts Hearth, with its window of the size and stillness in which pictures are taken. */
export async function begin(computer: Computer, options: StartOptions = { settings: english }): Promise<OpenHearth> {
  const hearth = await computer.start(options)
  await hearth.page.setViewportSize({ width: 1280, height: 800 })
  await hearth.page.emulateMedia({ reducedMotion: 'reduce' })
  return hearth
}
