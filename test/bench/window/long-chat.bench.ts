import type { Page } from '@playwright/test'
import { test } from '../../e2e/launch.ts'
import { chatId, messageId, writeHistory } from './home.ts'
import { countCommits, watched } from './probe.ts'
import { report } from './report.ts'
import { traced } from './trace.ts'

const length = 10_000
const rounds = 7

/** Milliseconds from the click on a chat until its last message has been drawn. */
function open(page: Page, chat: string, last: string): Promise<number> {
  return page.evaluate(
    async ([chat, last]) => {
      const row = document.querySelector<HTMLElement>(`[data-conversation="${chat}"]`)
      const started = performance.now()
      row?.click()
      const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
      const isDrawn = () => {
        const box = document.querySelector(`[data-message="${last}"]`)?.getBoundingClientRect()
        return box !== undefined && box.height > 0 && box.top < innerHeight
      }
      while (!isDrawn()) await frame()
      await frame()
      return performance.now() - started
    },
    [chat, last] as const,
  )
}

/** Scrolls the open chat, so many pixels in each of so many frames. */
function scroll(page: Page, pixels: number, frames: number): Promise<void> {
  return page.evaluate(
    async ([pixels, frames]) => {
      const box = document.querySelector('[role=log]')?.parentElement
      for (let each = 0; each < frames; each += 1) {
        await new Promise(resolve => requestAnimationFrame(resolve))
        if (box) box.scrollTop += pixels
      }
    },
    [pixels, frames] as const,
  )
}

test('a chat of 10,000 messages', async ({ computer }) => {
  await writeHistory(computer.home, { chats: 20, messages: length + 190, longest: length })
  const { app, page } = await computer.start({ settings: { language: 'en' } })
  await page.setViewportSize({ width: 1280, height: 800 })
  await countCommits(page)
  const opened: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const other = round % 18
    await open(page, chatId(other + 1), messageId(length + (other + 1) * 10 - 1))
    const time = await open(page, chatId(0), messageId(length - 1))
    // The first time fonts and grammars are read, too.
    if (round > 0) opened.push(time)
  }
  report('a chat of 10,000 messages opens', 'ms', opened, 200)

  for (const [name, pixels] of [
    ['scrolls back', -240],
    ['is leapt through', -20_000],
  ] as const) {
    const frames: number[] = []
    const tasks: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await open(page, chatId(1), messageId(length + 9))
      await open(page, chatId(0), messageId(length - 1))
      const { processor } = await traced(app, async () => {
        const seen = await watched(page, () => scroll(page, pixels, 60))
        frames.push(seen.frames[0] ?? 0)
      })
      tasks.push(processor[0] ?? 0)
    }
    report(`it ${name}: longest frame`, 'ms', frames, 50)
    report(`it ${name}: longest task, of the processor`, 'ms', tasks, 50)
  }
})
