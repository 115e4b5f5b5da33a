import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Database } from '../../main/database/database.ts'
import { alive } from '../integration/processes.ts'
import { answered, answers, ask, chats, enginePid } from './chat.ts'
import { type Computer, expect, type OpenHearth, picture, test } from './launch.ts'

const long = 'Count from 1 to 30'

const newestChat = (page: Page) =>
  chats(page)
    .getByRole('button', { name: /^Count/ })
    .first()

/** A chat whose engine is loaded and halted, so that it writes only when it is given a moment. */
async function haltedChat(computer: Computer): Promise<OpenHearth & { engine: number }> {
  const hearth = await computer.start({ settings: { language: 'en' } })
  await ask(hearth.page, 'Hello')
  await expect(answers(hearth.page)).toHaveAttribute('aria-busy', 'false')
  const engine = await enginePid(hearth.app)
  process.kill(engine, 'SIGSTOP')
  return { ...hearth, engine }
}

/**
 * Asks, and lets the engine write in moments of two milliseconds, a few tokens' time, until `enough`: then it is halted
 * in the middle of the answer, and SIGCONT lets it go on. On a very busy computer a moment may last to the end of the
 * answer; then another chat is begun.
 * @param enough of the texts the page has shown so far
 * @returns those texts
 */
async function writeInMoments(
  page: Page,
  engine: number,
  enough: (shown: string[]) => boolean,
  question = long,
): Promise<string[]> {
  const busy = page.locator('article[aria-busy=true]')
  for (;;) {
    await page.getByRole('button', { name: 'New chat' }).click()
    await ask(page, question)
    await expect(busy).toBeVisible()
    const shown: string[] = []
    while ((await busy.count()) > 0) {
      const [text = ''] = await busy.locator('[data-writing]').allInnerTexts()
      if (text !== (shown.at(-1) ?? '')) shown.push(text)
      if (enough(shown)) return shown
      process.kill(engine, 'SIGCONT')
      // Waits without giving the turn away, so that the moment stays short.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
      process.kill(engine, 'SIGSTOP')
      await page.waitForTimeout(100)
    }
  }
}

/** What is on disk of answers that are not whole yet. */
function savedParts(home: string): string {
  const database = Database.openPlain(join(home, 'conversations.db'))
  const parts = database.rows({ content: 'TEXT' }, 'FROM reply_parts ORDER BY message_id, part')
  database.close()
  return parts.map(({ content }) => content).join('')
}

/** An answer in its middle, with at least one number there. */
async function halfAnAnswer(computer: Computer): Promise<OpenHearth & { engine: number; written: string }> {
  const hearth = await haltedChat(computer)
  const shown = await writeInMoments(hearth.page, hearth.engine, texts => /\d/.test(texts.at(-1) ?? ''))
  return { ...hearth, written: shown.at(-1)?.trim() ?? '' }
}

test('an answer appears as it is written, not all at once', async ({ computer }) => {
  const { page, engine } = await haltedChat(computer)
  const shown = await writeInMoments(page, engine, texts => texts.length === 5)
  expect(shown.every((text, index) => text.startsWith(shown[index - 1]?.trim() ?? ''))).toBe(true)
  process.kill(engine, 'SIGCONT')
  await expect(answers(page).last()).toContainText('29, 30')
})

test('Paris comes token by token: the answer is there in part before it is whole', async ({ computer }) => {
  const { page, engine } = await haltedChat(computer)
  const part = /^The capital/
  const shown = await writeInMoments(
    page,
    engine,
    texts => part.test(texts.at(-1) ?? '') && !texts.at(-1)?.includes('Paris'),
    'What is the capital of France?',
  )
  expect(shown.at(-1)).not.toContain('Paris')
  process.kill(engine, 'SIGCONT')
  await expect(answers(page).last()).toContainText('The capital of France is Paris.')
})

test('an answer goes on while the page is loaded again', async ({ computer }) => {
  const { page, engine, written } = await halfAnAnswer(computer)
  await page.reload()
  await newestChat(page).click()
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'true')
  await expect(answers(page).last()).toContainText(written)
  process.kill(engine, 'SIGCONT')
  await answered(page, '29, 30')
})

test('a kill of the app in the middle of an answer loses at most its last second', async ({ computer }) => {
  const { kill, written } = await halfAnAnswer(computer)
  // Saved at least once a second, and it was halted with nothing more to come.
  await expect(() => expect(savedParts(computer.home)).toContain(written)).toPass()
  await kill()
  const again = await computer.start()
  await newestChat(again.page).click()
  await expect(again.page.getByRole('main').getByText(long).last()).toBeVisible()
  const last = answers(again.page).last()
  await expect(last).toContainText(written)
  await expect(last).toContainText('Hearth closed before this answer was finished.')
})

test('an engine killed in the middle of an answer leaves the text, a card that says so, and an app that goes on', async ({
  computer,
}) => {
  const { page, engine, written } = await halfAnAnswer(computer)
  process.kill(engine, 'SIGKILL')
  const last = answers(page).last()
  await expect(last).toContainText('The model stopped unexpectedly')
  await expect(last).toContainText(written)
  await last.getByRole('button', { name: 'Continue' }).click()
  await expect(last).not.toContainText('The model stopped unexpectedly')
  // It goes on where it broke off.
  await expect(last).toContainText('29, 30')
  await expect(last).toContainText(written)
})

test('closing the app while an answer is written ends its engine, and keeps what is there', async ({ computer }) => {
  const { page, engine, quit, written } = await halfAnAnswer(computer)
  await quit()
  expect(alive(engine)).toBe(false)
  expect(page.isClosed()).toBe(true)
  const again = await computer.start()
  await newestChat(again.page).click()
  await expect(answers(again.page).last()).toContainText(written)
})

test('an answer that was stopped is gone on with, as if it had not been', async ({ computer }) => {
  const { page, engine } = await halfAnAnswer(computer)
  await page.keyboard.press('Escape')
  const answer = answers(page).last()
  await expect(answer).toContainText('You stopped this answer.')
  process.kill(engine, 'SIGCONT')
  const before = await answer.locator('.markdown').textContent()
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  // In this order: before it goes on, it is not being written either.
  await expect(answer).not.toContainText('You stopped this answer.')
  await expect(answer).toHaveAttribute('aria-busy', 'false')
  const counted = (text: string | null) => [...(text ?? '').matchAll(/\d+/g)].map(Number)
  const whole = counted(await answer.locator('.markdown').textContent())
  // It goes on where it was: it neither begins again nor leaves a number out.
  expect(whole.length).toBeGreaterThan(counted(before).length)
  expect(whole).toEqual(whole.map((_, at) => at + 1))

  // Led to an older version, as by a search, a person still hears of the answer that is being written, and stops it.
  process.kill(engine, 'SIGSTOP')
  const messageId = await page.locator('[data-message]').last().getAttribute('data-message')
  await page.getByRole('button', { name: 'Answer again' }).last().click()
  await expect(answer).toHaveAttribute('aria-busy', 'true')
  await page.evaluate(id => window.hearth.call('conversations.selectVersion', { messageId: id ?? '' }), messageId)
  const elsewhere = page.getByText('An answer is being written in another version.')
  await expect(elsewhere).toBeVisible()
  await picture(page, 'answer-elsewhere')
  await page.keyboard.press('Escape')
  await expect(elsewhere).toBeHidden()
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible()
  process.kill(engine, 'SIGCONT')
})
