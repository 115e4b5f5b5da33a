import { chats, composer, importChats } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const id = (n: number) => `01a1fe4f-ee7e-70f8-9eb6-${String(n).padStart(12, '0')}`
const count = 10_000
const textOf = (n: number) => {
  if (n === 3) return 'Here stands the **needle** and a needle once more.'
  if (n === count - 5) return `${'Much hay. '.repeat(600)}And a NEEDLE at its end.`
  return `Message ${n}, with some hay and 干草.`
}
const records = [
  {
    type: 'conversation',
    id: id(0),
    title: 'Haystack',
    model: 'hearth-demo',
    createdAt: 1.7e12,
    updatedAt: 1.7e12,
    activeLeaf: id(count),
    pinned: false,
    folderId: null,
    system: '',
    parameters: {},
  },
  ...Array.from({ length: count }, (_, index) => ({
    type: 'message',
    id: id(index + 1),
    conversationId: id(0),
    parentId: index === 0 ? null : id(index),
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: textOf(index + 1),
    createdAt: 1.7e12,
  })),
]

test('a person finds words in a chat of ten thousand messages, place by place, with the keyboard', async ({
  computer,
}) => {
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  await importChats({ app, page }, computer.home, records)
  await expect(page.getByText('New chats: 1, new messages: 10000.', { exact: true })).toBeVisible()
  await chats(page).getByRole('button', { name: 'Haystack', exact: true }).click()
  await expect(page.getByText(`Message ${count}, with`)).toBeVisible()

  await page.keyboard.press('ControlOrMeta+f')
  const bar = page.getByRole('search', { name: 'Find in this chat' })
  const field = bar.getByRole('textbox')
  // Without a pause: the first letters would be lost if the field got the focus a frame later.
  await page.keyboard.type('needle')
  await expect(field).toHaveValue('needle')
  /** What is marked as the place the person is at, and whether it is in sight. */
  const here = () =>
    page.evaluate(() => {
      const [range] = CSS.highlights.get('found-place') ?? []
      const box = document.querySelector('[role=log]')?.parentElement?.getBoundingClientRect()
      if (!(range instanceof Range) || !box) return null
      const { top, bottom } = range.getBoundingClientRect()
      return { text: range.toString(), inSight: top >= box.top + 60 && bottom <= box.bottom }
    })
  // It begins at what is in sight: here in the part of a long question that is folded away.
  await expect(bar.getByRole('status')).toHaveText('3 of 3')
  await expect.poll(here).toEqual({ text: 'NEEDLE', inSight: true })
  await page.keyboard.press('Enter')
  await expect(bar.getByRole('status')).toHaveText('1 of 3')
  await expect.poll(here).toEqual({ text: 'needle', inSight: true })
  await picture(page, 'find')
  await page.keyboard.press('Enter')
  await expect(bar.getByRole('status')).toHaveText('2 of 3')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.press('Shift+Enter')
  await expect(bar.getByRole('status')).toHaveText('3 of 3')
  await expect.poll(here).toEqual({ text: 'NEEDLE', inSight: true })
  await expect(field).toBeFocused()

  await field.fill('干草')
  await expect(bar.getByRole('status')).toHaveText(/of 9,998$/)
  await field.fill('no such thing')
  await expect(bar.getByRole('status')).toHaveText('Not found')
  await page.keyboard.press('Escape')
  await expect(bar).toHaveCount(0)
  await expect(composer(page)).toBeFocused()
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0)
})
