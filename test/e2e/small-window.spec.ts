import type { Locator, Page } from '@playwright/test'
import { answered, answers, ask } from './chat.ts'
import { expect, picture, test } from './launch.ts'

/** What reaches beyond the window, or beyond the box of the page that holds it and is not scrolled sideways. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const boxes = [...document.querySelectorAll('main, main *')].filter(
      box => getComputedStyle(box).overflowY === 'auto' && !box.matches('textarea, :has(> pre)'),
    )
    const wide = boxes.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    // Tabs are scrolled sideways.
    const controls = [
      ...document.querySelectorAll<HTMLElement>('main :is(button, input, select, textarea, h1)'),
    ].filter(control => !control.matches('[role=tab]'))
    const beyond = controls.filter(control => {
      const { width, left, right } = control.getBoundingClientRect()
      return width > 0 && (left < 0 || right > innerWidth)
    })
    return [...wide, ...beyond].map(({ outerHTML }) => outerHTML.slice(0, 120))
  })

// In text of twice the size the name of the model was gone, the chat's menu lay out of the window, and the catalogue,
// the forms and what a model is made from were cut at their right.
test('nothing is cut off in the smallest window with large text', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'dark', model: 'hearth-demo' } })
  // As many pixels as the text is laid out in there.
  await page.setViewportSize({ width: 320, height: 500 })
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await answers(page).last().hover()
  const picker = page.getByRole('button', { name: /^Model:/ })
  await expect(picker.getByText('hearth-demo')).toBeInViewport({ ratio: 1 })
  expect((await picker.getByText('hearth-demo').boundingBox())?.width).toBeGreaterThan(60)
  await expect(page.getByRole('banner').or(page.locator('header')).getByRole('button', { name: 'More' })).toBeVisible()
  expect(await cutOff(page)).toEqual([])
  await picture(page, 'small-window-chat')

  await page.evaluate(() =>
    window.hearth.call('forms.create', {
      name: 'People and pets',
      instructions: '',
      fields: [{ key: 'pet', required: true, shape: { kind: 'text' } }],
    }),
  )
  const main = page.getByRole('main')
  const places: [address: string, there: Locator][] = [
    ['#/settings', main.getByText('Text size', { exact: true })],
    ['#/models', main.getByRole('button', { name: 'Chat' }).first()],
    ['#/models/discover', main.getByRole('heading', { name: /^Gemma 3/ }).first()],
    ['#/models/create', main.getByRole('textbox', { name: 'Name of the new model' })],
    ['#/server', main.getByRole('button', { name: 'Copy the address' }).first()],
    ['#/forms', main.getByRole('button', { name: /^People and pets/ })],
  ]
  for (const [address, there] of places) {
    await page.evaluate(address => {
      location.hash = address
    }, address)
    await expect(there).toBeVisible()
    expect(await cutOff(page), address).toEqual([])
  }
  await main.getByRole('button', { name: /^People and pets/ }).click()
  await expect(page.getByRole('textbox', { name: 'Text to read' })).toBeVisible()
  expect(await cutOff(page)).toEqual([])
})

// One long address in a pasted text, or one long word for a name, pushed the whole form out of sight.
test('a text without a space and fields with long names widen no page', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'dark', model: 'hearth-demo' } })
  const word = 'Donaudampfschifffahrtsgesellschaftskapitaen'.repeat(3)
  const formId = await page.evaluate(
    async word =>
      (
        await window.hearth.call('forms.create', {
          name: word,
          instructions: '',
          fields: [
            { key: word, required: true, shape: { kind: 'choice', choices: [word, 'b'] } },
            {
              key: `group ${word}`,
              required: true,
              shape: { kind: 'group', fields: [{ key: word, required: true, shape: { kind: 'yes-no' } }] },
            },
          ],
        })
      ).formId,
    word,
  )
  await page.evaluate(id => {
    location.hash = `#/forms/${id}`
  }, formId)
  await page.getByRole('textbox', { name: 'Text to read' }).fill(`https://example.com/${'a'.repeat(300)}`)
  await page.getByRole('button', { name: 'Fill the form' }).click()
  const filled = page.getByRole('region', { name: 'Filled form' })
  await expect(filled).toHaveAttribute('aria-busy', 'false')
  await page.getByRole('button', { name: word }).first().click()
  for (const width of [1280, 720]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width)
    expect(await cutOff(page)).toEqual([])
  }
  await picture(page, 'form-long-names')
  await page.getByRole('radio', { name: /^Results/ }).click()
  await page.getByRole('cell').getByRole('button').click()
  const panel = page.getByRole('complementary', { name: 'The open result' })
  expect(await panel.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
})
