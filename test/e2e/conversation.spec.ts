import { answered, answers, ask, chats, newChat, pick } from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addCopyOfDemo } from './models-folder.ts'

test('a chat gets its title from the model, and keeps the one a person gives it', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light', modelTitles: true } })
  // The demo under its own name gives none.
  await addCopyOfDemo(computer.models, 'namer')
  await page.reload()
  await pick(page, 'namer')
  const title = page.getByRole('heading', { level: 1 })
  await ask(page, 'I want to travel to Antwerp. What should I see?')
  await expect(title).toHaveText('Trip to Antwerp')
  await expect(chats(page).getByRole('button', { name: 'Trip to Antwerp', exact: true })).toBeVisible()
  await picture(page, 'title-by-model')
  await title.dblclick()
  await expect(page.getByRole('textbox', { name: 'Title of the chat' })).toBeFocused()
  await page.keyboard.type('Holidays')
  await page.keyboard.press('Enter')
  await ask(page, 'My name is Lena.')
  await answered(page, 'Lena')
  await expect(title).toHaveText('Holidays')
})

test('a person sees how full a chat is, and from where on the model remembers it', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const settled = () => expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
  const story = 'I like apples and pears. '.repeat(25)
  await page.evaluate(
    content =>
      window.hearth.call('conversations.send', {
        conversationId: null,
        parentId: null,
        content,
        model: 'hearth-demo',
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

test('what was deleted is found in a place of its own, after a restart too, taken back, and removed for good', async ({
  computer,
}) => {
  const first = await computer.start({ settings: { language: 'en', theme: 'light' } })
  for (const question of ['What is the capital of France?', 'My name is Lena.']) {
    await newChat(first.page)
    await ask(first.page, question)
    await expect(answers(first.page).last()).toHaveAttribute('aria-busy', 'false')
    await chats(first.page).getByRole('button', { name: question, exact: true }).press('Delete')
  }
  await first.page.evaluate(async () => {
    const form = { name: 'Invoices', instructions: '', fields: [] }
    const { formId } = (await window.hearth.call('forms.create', form)) as { formId: string }
    await window.hearth.call('forms.delete', { formId })
  })
  await newChat(first.page)
  await ask(first.page, 'What is the capital of Japan?')
  await expect(answers(first.page).last()).toHaveAttribute('aria-busy', 'false')
  await first.page.getByRole('article').last().getByRole('button', { name: 'More to do' }).click()
  await first.page.getByRole('menuitem', { name: 'Delete this message' }).click()
  await expect(first.page.getByRole('article')).toHaveCount(1)
  await first.quit()

  const { page } = await computer.start()
  await chats(page).getByRole('button', { name: 'Recently deleted' }).click()
  const place = page.getByRole('main', { name: 'Recently deleted' })
  const things = (kind: string) => place.getByRole('region', { name: kind }).getByRole('listitem')
  await expect(things('Chats')).toHaveCount(2)
  await expect(things('Chats').first()).toContainText('My name is Lena.')
  await expect(things('Messages')).toContainText('From “What is the capital of Japan?”')
  await picture(page, 'trash')
  await place.getByRole('button', { name: 'Restore “My name is Lena.”' }).click()
  await expect(chats(page).getByRole('button', { name: 'My name is Lena.', exact: true })).toBeVisible()
  await expect(things('Chats')).toHaveCount(1)
  await place.getByRole('button', { name: 'Restore “Invoices”' }).click()
  await expect(page.getByText('The form is back.', { exact: true })).toBeVisible()
  await things('Messages').getByRole('button', { name: 'Restore' }).click()
  await page
    .getByRole('listitem')
    .filter({ hasText: 'The message is back.' })
    .getByRole('button', { name: 'Open' })
    .click()
  await expect(answers(page)).toContainText('Tokyo')
  await chats(page).getByRole('button', { name: 'Recently deleted' }).click()
  await expect(place.getByRole('listitem')).toHaveCount(1)
  await place.getByRole('button', { name: 'Remove all for good' }).click()
  await expect(page.getByRole('dialog', { name: 'Remove this for good?' })).toBeVisible()
  await picture(page, 'trash-remove')
  await page.getByRole('button', { name: 'Remove for good' }).click()
  await expect(place.getByText(/^Nothing here/)).toBeVisible()
})
