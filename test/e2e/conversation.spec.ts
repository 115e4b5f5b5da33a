import { answers, ask, chats } from './chat.ts'
import { expect, picture, test } from './launch.ts'

test('a chat gets its title from the model, and keeps the one a person gives it', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light', modelTitles: true } })
  const title = page.getByRole('heading', { level: 1 })
  await ask(page, 'I want to travel to Antwerp. What should I see?')
  await expect(title).toHaveText('Trip to Antwerp')
  await expect(chats(page).getByRole('button', { name: 'Trip to Antwerp', exact: true })).toBeVisible()
  await picture(page, 'title-by-model')
  await title.dblclick()
  await page.keyboard.type('Holidays')
  await page.keyboard.press('Enter')
  await ask(page, 'My name is Lena.')
  await expect(answers(page).last()).toContainText('Lena')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  await expect(title).toHaveText('Holidays')
})

test('a person sees how full a chat is, and from where on the model remembers it', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const settled = () => expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  const story = 'I like apples and pears. '.repeat(25)
  await page.evaluate(
    content =>
      window.hearth.call('conversations.send', {
        ...{ conversationId: null, parentId: null, content, model: 'hearth-demo' },
        parameters: { num_ctx: 512, num_predict: 16 },
      }),
    `My name is Lena. ${story}`,
  )
  await chats(page)
    .getByRole('button', { name: /^My name is Lena/ })
    .first()
    .click()
  await settled()
  const meter = page.getByRole('button', { name: /of 512 tokens/ })
  await expect(meter).toBeVisible()
  const line = page.getByText('The model remembers from here on')
  await expect(line).toHaveCount(0)
  await ask(page, `And you? ${story}`)
  await expect(answers(page)).toHaveCount(2)
  await settled()
  await expect(line).toBeVisible()
  await meter.hover()
  await expect(page.getByRole('tooltip', { name: /Older messages no longer fit/ })).toBeVisible()
  await picture(page, 'remembers-from-here')
  await meter.click()
  await expect(page.getByRole('complementary', { name: 'How it answers' })).toBeVisible()
})
