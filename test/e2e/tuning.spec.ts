import { answers, ask, holdTime, newChat } from './chat.ts'
import { expect, picture, test } from './launch.ts'

test('a person tells the model who it is, and it is that after a restart, in this chat alone', async ({ computer }) => {
  const first = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const { page } = first
  const settled = (at = page) => expect(answers(at).last()).toHaveAttribute('aria-busy', 'false')
  await page.getByRole('button', { name: 'How it answers' }).click()
  const panel = page.getByRole('complementary', { name: 'How it answers' })
  await panel.getByRole('textbox').fill('You are an assistant named Cornelius.')
  await panel.getByRole('slider', { name: 'Creativity' }).focus()
  await page.keyboard.press('Home')
  await picture(page, 'tuning')
  await ask(page, 'What is your name?')
  await expect(answers(page).last()).toContainText('Cornelius')
  await settled()

  // Changed in the middle of the chat, and asked at once.
  await panel.getByRole('textbox').fill('You are an assistant named Mirabelle.')
  await page.getByRole('button', { name: 'Answer again' }).click()
  await expect(answers(page).last()).toContainText('Mirabelle')
  await settled()
  await newChat(page)
  await expect(panel.getByRole('textbox')).toHaveValue('')
  await first.quit()

  const second = await computer.start()
  await second.page.getByRole('button', { name: 'What is your name?', exact: true }).click()
  await second.page.keyboard.press('ControlOrMeta+Shift+p')
  const again = second.page.getByRole('complementary', { name: 'How it answers' })
  await expect(again.getByRole('textbox')).toHaveValue('You are an assistant named Mirabelle.')
  await second.page.getByRole('button', { name: 'Answer again' }).click()
  await expect(second.page.getByRole('group', { name: 'Version 3 of 3' })).toBeVisible()
  await expect(answers(second.page).last()).toContainText('Mirabelle')
})

test('a person keeps a way to answer under a name, and new chats begin with it', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await page.getByRole('button', { name: 'How it answers' }).click()
  const panel = page.getByRole('complementary', { name: 'How it answers' })
  const system = panel.getByRole('textbox')
  const menu = panel.getByRole('button', { name: 'Use a preset' })
  await system.fill('You are an assistant named Cornelius.')
  await menu.click()
  await picture(page, 'presets-menu')
  await page.getByRole('menuitem', { name: 'Save as a preset…' }).click()
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('Cornelius')
  await page.keyboard.press('Enter')
  await expect(page.getByText('“Cornelius” is saved.', { exact: true })).toBeVisible()
  await page.evaluate(async () => {
    const preset = { id: null, name: 'A name that is as long as a name can be '.repeat(2), system: '', parameters: {} }
    await window.hearth.call('presets.save', preset as never)
  })

  // A built-in one replaces what is set, and gives it back.
  await menu.click()
  await holdTime(page)
  await page.getByRole('menuitem', { name: 'Patient teacher' }).click()
  await expect(system).toHaveValue(/^You are a patient teacher/)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(system).toHaveValue('You are an assistant named Cornelius.')

  await menu.click()
  await page.getByRole('menuitem', { name: 'Presets for new chats…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Presets' })
  // What could be done with all of them was pushed out of the dialog by the longest name.
  await expect(dialog.getByRole('button', { name: 'Rename “Cornelius”' })).toBeInViewport()
  await dialog.getByRole('radio', { name: 'Cornelius' }).check()
  await dialog.getByRole('button', { name: 'Rename “Cornelius”' }).click()
  await expect(dialog.getByRole('textbox')).toBeFocused()
  await page.keyboard.type('Conny')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('radio', { name: 'Conny' })).toBeChecked()
  await picture(page, 'presets')
  await page.keyboard.press('Escape')
  await page.reload()
  await ask(page, 'What is your name?')
  await expect(answers(page).last()).toContainText('Cornelius')
})
