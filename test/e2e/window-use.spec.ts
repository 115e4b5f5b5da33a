import type { Locator, Page } from '@playwright/test'
import type { StreamEvent } from '../../preload/contract.ts'
import {
  answered,
  answers,
  ask,
  chats,
  composer,
  enginePid,
  holdTime,
  kept,
  newChat,
  pick,
  submit,
  talk,
} from './chat.ts'
import { expect, picture, test } from './launch.ts'
import { addBrokenModel, addCopyOfDemo, removeModel } from './models-folder.ts'

const english = { settings: { language: 'en', theme: 'light' } } as const

for (const [language, examples] of [
  [
    'en',
    [
      ['What is the capital of France?', 'Paris'],
      ['Count from 1 to 10', '8, 9, 10'],
      ['Why is the sky blue?', 'Rayleigh'],
    ],
  ],
  [
    'zh-CN',
    [
      ['日本的首都是哪儿？', '东京'],
      ['你是谁？', '小小'],
      ['你好呀', '你好'],
    ],
  ],
] as const) {
  test(`each example of the welcome gets a good answer from the demo model (${language})`, async ({ computer }) => {
    const { page } = await computer.start({ settings: { language } })
    for (const [question, answer] of examples) {
      await page.getByRole('main').getByRole('button', { name: question, exact: true }).click()
      const reply = page.getByRole('article').last()
      await expect(reply.locator('.markdown')).toContainText(answer)
      await expect(reply).toHaveAttribute('aria-busy', 'false')
      await newChat(page)
    }
  })
}

test('a person chats, edits, stops, asks again, renames, deletes and takes it back without touching the mouse', async ({
  computer,
}) => {
  const { app, page } = await computer.start(english)
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('What is the capital of Greece?')
  await page.keyboard.press('Enter')
  await answered(page, 'Athens')
  await newChat(page)
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('What is the capital of France?')
  await page.keyboard.press('Enter')
  await answered(page, 'Paris')

  // Back from the composer: what can be done with each message.
  const backTo = async (name: string) => {
    const button = page.getByRole('main').getByRole('button', { name, exact: true }).last()
    const there = () => button.evaluate(element => element === document.activeElement)
    for (let tabs = 0; tabs < 30 && !(await there()); tabs++) await page.keyboard.press('Shift+Tab')
    await expect(button).toBeFocused()
  }
  await backTo('Edit')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Edit your question' })).toBeFocused()
  const engine = await enginePid(app)
  process.kill(engine, 'SIGSTOP')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('What is the capital of Italy?')
  await page.keyboard.press('Enter')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'true')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(answers(page).last()).toContainText('You stopped this answer.')
  process.kill(engine, 'SIGCONT')
  await backTo('Answer again')
  await page.keyboard.press('Enter')
  await answered(page, 'Rome')

  // Tab goes round the window: from the composer it comes to the list of chats, which is one stop.
  const inList = () => page.evaluate(() => document.activeElement?.getAttribute('data-conversation') !== null)
  for (let tabs = 0; tabs < 30 && !(await inList()); tabs++) await page.keyboard.press('Tab')
  expect(await inList()).toBe(true)
  await page.keyboard.press('End')
  await page.keyboard.press('F2')
  await expect(page.getByRole('textbox', { name: 'Title of the chat' })).toBeFocused()
  await page.keyboard.type('Greece')
  await page.keyboard.press('Enter')
  const greece = chats(page).getByRole('button', { name: 'Greece', exact: true })
  await expect(greece).toBeVisible()
  await expect(greece).toBeFocused()
  await holdTime(page)
  await page.keyboard.press('Delete')
  await expect(greece).toBeHidden()
  // F8 leads to the messages of the app.
  await page.keyboard.press('F8')
  const undo = page.getByRole('button', { name: 'Undo' })
  const onUndo = () => undo.evaluate(button => button === document.activeElement)
  for (let tabs = 0; tabs < 4 && !(await onUndo()); tabs++) await page.keyboard.press('Tab')
  await expect(undo).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(greece).toBeVisible()
})

// The second message lay over the first lines of the chat.
test('messages of the app lie on each other over the title, and each can be taken back', async ({ computer }) => {
  const { page } = await computer.start(english)
  for (const question of ['Count from 1 to 3', 'Count from 1 to 4', 'Count from 1 to 5']) await talk(page, question)
  const chat = (end: number) => chats(page).getByRole('button', { name: `Count from 1 to ${end}`, exact: true })
  await holdTime(page)
  for (const end of [3, 4]) {
    await chat(end).press('Delete')
    await expect(chat(end)).toBeHidden()
  }
  const messages = page.getByRole('region', { name: 'Messages from Hearth' }).getByRole('listitem')
  await expect(messages).toHaveCount(2)
  const header = await page.getByRole('main').locator('header').boundingBox()
  const lowest = () => messages.evaluateAll(all => Math.max(...all.map(each => each.getBoundingClientRect().bottom)))
  // They rise to their place.
  await expect.poll(lowest).toBeLessThanOrEqual((header?.y ?? 0) + (header?.height ?? 0))
  await messages.last().hover()
  await messages.filter({ hasText: 'Count from 1 to 3' }).getByRole('button', { name: 'Undo' }).click()
  await expect(chat(3)).toBeVisible()
  await expect(chat(4)).toBeHidden()
})

test('a chat is renamed from the menus, in the list and in the header', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await chats(page).getByRole('listitem').hover()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await expect(page.getByRole('textbox', { name: 'Title of the chat' })).toBeFocused()
  await page.keyboard.type('Capitals')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Capitals' })).toBeVisible()

  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  const field = page.getByRole('textbox', { name: 'Title of the chat' })
  await expect(field).toBeFocused()
  // A long title is seen whole while it is written.
  const header = await page.locator('header').boundingBox()
  expect((await field.boundingBox())?.width).toBeGreaterThan((header?.width ?? 0) / 2)
  await picture(page, 'rename-in-header')
  await page.keyboard.type('Cities')
  await page.keyboard.press('Enter')
  await expect(chats(page).getByRole('button', { name: 'Cities', exact: true })).toBeVisible()
  await expect(composer(page)).toBeFocused()
})

test('in a narrow window the sidebar lies over the chat, is used, and goes away', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await page.setViewportSize({ width: 720, height: 700 })
  await page.keyboard.press('ControlOrMeta+b')
  const over = page.getByRole('dialog', { name: 'Sidebar' })
  await over.getByRole('listitem').hover()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await expect(page.getByRole('textbox', { name: 'Title of the chat' })).toBeFocused()
  await page.keyboard.type('Not kept')
  await page.keyboard.press('Escape')
  await expect(over.getByRole('button', { name: 'What is the capital of France?', exact: true })).toBeFocused()
  await over.getByRole('button', { name: 'New chat' }).click()
  await expect(over).toBeHidden()
  await expect(page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+b')
  await page.keyboard.press('Escape')
  await expect(over).toBeHidden()
})

test('a chat stays open when the page is loaded again', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await composer(page).fill('not yet sent')
  await page.reload()
  await answered(page, 'Paris')
  await expect(composer(page)).toHaveValue('not yet sent')
})

test('an answer is asked for again, and both versions stay', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await page.getByRole('button', { name: 'Answer again' }).press('Enter')
  await expect(page.getByRole('group', { name: 'Version 2 of 2' })).toBeVisible()
  await answered(page, 'Paris')
  // The focus stays at the versions, though each is drawn in a row of its own.
  await page.getByRole('button', { name: 'Previous version' }).press('Enter')
  await expect(page.getByRole('group', { name: 'Version 1 of 2' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Next version' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('group', { name: 'Version 2 of 2' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Previous version' })).toBeFocused()
})

test('a question is edited and sent again; what came before is a version', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await page.getByRole('article', { name: 'Your question' }).hover()
  await page.getByRole('button', { name: 'Edit' }).click()
  await expect(page.getByRole('textbox', { name: 'Edit your question' })).toBeFocused()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('What is the capital of Greece?')
  await page.keyboard.press('Enter')
  await answered(page, 'Athens')
  await page.getByRole('button', { name: 'Previous version' }).click()
  await answered(page, 'Paris')
  // The versions stand at the bubble's edge, whether or not the rest of the bar is in sight.
  await page.mouse.move(5, 5)
  const question = page.getByRole('article', { name: 'Your question' })
  const right = async (part: Locator) => {
    const box = await part.boundingBox()
    return (box?.x ?? 0) + (box?.width ?? 0)
  }
  const icon = question.getByRole('button', { name: 'Next version' }).locator('svg')
  expect(Math.abs((await right(icon)) - (await right(question.locator('xpath=./div[1]'))))).toBeLessThan(3)
})

test('tables, code and formulas are drawn, and copied with their markdown and without', async ({ computer }) => {
  const { app, page } = await computer.start(english)
  const clipboard = () => app.evaluate(({ clipboard }) => clipboard.readText())
  const copyPlain = async () => {
    await answers(page).last().getByRole('button', { name: 'More to do with this message' }).click()
    await page.getByRole('menuitem', { name: 'Copy without formatting' }).click()
  }
  await ask(page, 'Make a table of 3 planets and their colours.')
  await answered(page, 'Venus')
  await expect(page.getByRole('cell', { name: 'Venus' })).toBeVisible()
  await answers(page).last().getByRole('button', { name: 'Copy', exact: true }).click()
  await expect.poll(clipboard).toMatch(/\| *Venus *\|/)
  await copyPlain()
  await expect.poll(clipboard).toMatch(/^Venus\t/m)
  expect(await clipboard()).not.toContain('|')

  await newChat(page)
  await ask(page, 'Give me a Python function that halves a number.')
  await answered(page, 'halve')
  const keyword = answers(page).last().locator('pre span[style]', { hasText: /^def$/ })
  await expect(keyword).toHaveCSS('color', 'rgb(168, 62, 12)')
  await page.getByRole('button', { name: 'Copy code' }).click()
  await expect.poll(clipboard).toBe('def halve(x):\n    return x / 2')
  await copyPlain()
  // Neither the fence nor the name of the language in its frame.
  await expect.poll(clipboard).not.toMatch(/^(```|python$)/im)
  expect(await clipboard()).toContain('def halve(x):\n    return x / 2')

  await newChat(page)
  await ask(page, 'Give me the sum of the first n numbers as a LaTeX formula.')
  await answered(page, '∑')
  await expect(answers(page).last().locator('.katex-display')).toBeVisible()
  await copyPlain()
  // Once: it is drawn for the eye and again for screen readers.
  await expect.poll(async () => (await clipboard()).match(/\\sum/g)?.length).toBe(1)
  expect(await clipboard()).not.toContain('∑')
})

/** How far each message of the open chat is, as main tells it. */
const statesInChat = () =>
  new Promise<string[]>(resolve => {
    const conversationId = decodeURIComponent(location.hash.split('/')[2] ?? '')
    const end = window.hearth.subscribe('conversations.watch', { conversationId }, text => {
      const event = JSON.parse(String(text)) as StreamEvent<'conversations.watch'>
      if (event.type !== 'all') return
      setTimeout(() => end())
      resolve(event.messages.map(({ state }) => state))
    })
  })

test('the list lets go of its end when the person scrolls up, and goes back on demand', async ({ computer }) => {
  const { page } = await computer.start(english)
  const scroller = page.getByRole('log').locator('xpath=..')
  const articles = page.getByRole('log').getByRole('article')
  for (const count of [7, 8, 9, 10]) {
    const question = `Write a list of ${count} colours.`
    await ask(page, question)
    // Only what is near the sight is in the page, so the articles cannot be counted.
    await expect(articles.filter({ hasText: question })).toBeVisible()
    await expect(articles.last()).toHaveAttribute('aria-busy', 'false')
    // The end stays in sight as long as nobody scrolls.
    const below = () => scroller.evaluate(list => list.scrollHeight - list.clientHeight - list.scrollTop)
    await expect.poll(below).toBeLessThan(2)
  }
  expect(await scroller.evaluate(list => list.scrollHeight - list.clientHeight)).toBeGreaterThan(600)
  const jump = page.getByRole('button', { name: 'Jump to the end' })
  await expect(jump).toBeHidden()
  await page.getByRole('log').hover()
  await page.mouse.wheel(0, -600)
  await expect(jump).toBeVisible()
  const top = () => page.getByRole('log').evaluate(log => log.parentElement?.scrollTop ?? 0)
  let before = await top()
  // The wheel moves it over several frames.
  await expect
    .poll(async () => {
      const last = before
      before = await top()
      return before === last
    })
    .toBe(true)
  await submit(page, 'Write a list of 10 colours.')
  // What is below the sight is not in the page.
  await expect.poll(() => page.evaluate(statesInChat)).toEqual(Array(10).fill('complete'))
  expect(Math.abs((await top()) - before)).toBeLessThan(2)
  await jump.click()
  await expect(jump).toBeHidden()
  await expect(answers(page).last()).toBeInViewport()
})

test('a model that vanished is named, nothing is sent to it, and the chat goes on with another', async ({
  computer,
}) => {
  const { page } = await computer.start(english)
  await addCopyOfDemo(computer.models, 'other')
  await pick(page, 'other')
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await removeModel(computer.models, 'other')
  await page.reload()
  await expect(page.getByText('This chat used other, which is no longer on this computer.')).toBeVisible()
  await composer(page).fill('And of Greece?')
  await composer(page).press('Enter')
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await expect(answers(page)).toHaveCount(1)
  await pick(page, 'hearth-demo')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(answers(page)).toHaveCount(2)
})

test('the language changes everywhere at once, and stays', async ({ computer }) => {
  const first = await computer.start(english)
  await first.page.keyboard.press('ControlOrMeta+,')
  await first.page.getByRole('radio', { name: '简体中文' }).click()
  await expect(first.page.getByRole('heading', { name: '设置' })).toBeVisible()
  await expect(first.page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await first.quit()
  const second = await computer.start()
  await expect(second.page.getByRole('heading', { name: '今天想聊点什么？' })).toBeVisible()
})

test('with no model left, the way out still opens the list, and every place says what helps', async ({ computer }) => {
  const { page } = await computer.start(english)
  await ask(page, 'What is the capital of France?')
  await answered(page, 'Paris')
  await removeModel(computer.models, 'hearth-demo')
  await submit(page, 'And of Greece?')
  const card = page.getByRole('alert')
  await expect(card).toContainText('This model is not on this computer')
  // The chip tells the truth without being asked.
  await expect(page.getByRole('button', { name: /no longer here/ })).toBeVisible()
  await expect(card).toContainText('start it again to get its demo model back')
  const choose = card.getByRole('button', { name: 'Choose another model' })
  const menu = page.getByRole('menu')
  await choose.click()
  await staysOpen(menu)
  await expect(menu).toBeInViewport({ ratio: 1 })
  await picture(page, 'no-model-left')
  await page.evaluate(() => window.hearth.call('settings.change', { theme: 'dark', language: 'zh-CN' }))
  await expect(card).toContainText('自带的演示模型也会回来')
  await picture(page, 'no-model-left-dark-zh')
  await page.evaluate(() => window.hearth.call('settings.change', { theme: 'light', language: 'en' }))
  await expect(card).toContainText('start it again')
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await choose.press('Enter')
  await staysOpen(menu)
  // A press beside the list closes it, here on the button that opens it again; the focus, which comes back to the
  // composer only then, closed it once more.
  await choose.evaluate((button: HTMLElement) => {
    button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'mouse' }))
    button.click()
  })
  await staysOpen(menu)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Discover' })).toBeVisible()
})

test('a list of models that becomes empty while it is open stays open and says what helps', async ({ computer }) => {
  const { page } = await computer.start(english)
  await addBrokenModel(computer.models, 'broken')
  await pick(page, 'broken')
  await ask(page, 'What is the capital of France?')
  const choose = page.getByRole('alert').getByRole('button', { name: 'Choose another model' })
  await expect(choose).toBeVisible()
  await removeModel(computer.models, 'broken')
  await removeModel(computer.models, 'hearth-demo')
  await choose.press('Enter')
  await staysOpen(page.getByRole('menu'))
})

/**
 * The list of models is open, knows that there are none, and still takes the keys after the moment in which the focus
 * comes and goes: one that closes gives them back to the composer.
 */
async function staysOpen(menu: Locator): Promise<void> {
  await expect(menu).toContainText('Get one from the catalogue')
  await menu.evaluate(
    // Behind the timers and frames that are due.
    () => new Promise<void>(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done())))),
  )
  await menu.page().keyboard.press('End')
  await expect(menu.getByRole('menuitem', { name: 'Get another model…' })).toBeFocused()
}

test('every text column keeps its place, whether its page scrolls or not', async ({ computer }) => {
  const { page } = await computer.start(english)
  for (const width of [1280, 720]) {
    await page.setViewportSize({ width, height: 420 })
    await newChat(page)
    await ask(page, 'What is the capital of France?')
    await answered(page, 'Paris')
    const edges = (selector: string) =>
      page.locator(selector).evaluate(element => {
        const { left, right } = element.getBoundingClientRect()
        return [left, right]
      })
    const box = '#composer >> xpath=..'
    const calm = await edges(box)
    const answer = () =>
      answers(page)
        .last()
        .evaluate(element => {
          const { left, right } = element.getBoundingClientRect()
          return [left, right]
        })
    expect(await answer()).toEqual(calm)
    await ask(page, 'Make a table of 3 planets and their colours.')
    await answered(page, 'Venus')
    expect(await page.getByRole('log').evaluate(log => log.clientHeight > (log.parentElement?.clientHeight ?? 0))).toBe(
      true,
    )
    expect(await answer()).toEqual(calm)
    expect(await edges(box)).toEqual(calm)
    await page.keyboard.press('ControlOrMeta+,')
    expect(await edges('main section >> nth=0')).toEqual(calm)
    await newChat(page)
  }
})

test('a kill brings back what was being typed, and no question that was sent', async ({ computer }) => {
  const first = await computer.start(english)
  await ask(first.page, 'What is the capital of France?')
  await answered(first.page, 'Paris')
  await first.kill()
  const second = await computer.start()
  // The window is where it was.
  await answered(second.page, 'Paris')
  await expect(composer(second.page)).toHaveValue('')
  // What was not sent does, chat by chat, and how a new one is to answer.
  await newChat(second.page)
  await composer(second.page).fill('What is the capital of Italy?')
  await second.page.getByRole('button', { name: 'How it answers' }).click()
  await second.page.getByRole('textbox', { name: 'What the model should know and be' }).fill('You are a pirate.')
  await chats(second.page).getByRole('button', { name: 'What is the capital of France?', exact: true }).click()
  await expect(composer(second.page)).toHaveValue('')
  // An edit stands through a look at another chat.
  const edited = (page: Page) => page.getByRole('textbox', { name: 'Edit your question' })
  await second.page.getByRole('article', { name: 'Your question' }).hover()
  await second.page.getByRole('button', { name: 'Edit' }).click()
  await expect(edited(second.page)).toBeFocused()
  await edited(second.page).fill('What is the capital of Greece?')
  await newChat(second.page)
  await second.page.goBack()
  await expect(edited(second.page)).toHaveValue('What is the capital of Greece?')
  await composer(second.page).fill('And of Spain?')
  await kept(second.page, 'And of Spain?')
  await second.kill()
  const third = await computer.start()
  await expect(composer(third.page)).toHaveValue('And of Spain?')
  await expect(edited(third.page)).toHaveValue('What is the capital of Greece?')
  await expect(composer(third.page)).toBeFocused()
  await edited(third.page).press('Enter')
  await answered(third.page, 'Athens')
  await newChat(third.page)
  await expect(composer(third.page)).toHaveValue('What is the capital of Italy?')
  await third.page.getByRole('button', { name: 'How it answers' }).click()
  await expect(third.page.getByRole('textbox', { name: 'What the model should know and be' })).toHaveValue(
    'You are a pirate.',
  )
})

test('a message of the app leaves after its time, in the language of the window', async ({ computer }) => {
  const { page } = await computer.start({ settings: { language: 'zh-CN' } })
  await page.locator('#composer').fill('你是谁？')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('article').last()).toHaveAttribute('aria-busy', 'false')
  const row = page.locator('[data-conversation]')
  // The pointer rests where the message will come up.
  await page.mouse.move(770, 90)
  const letTimePass = await holdTime(page)
  await row.press('Delete')
  await expect(page.getByText('已删除“你是谁？”。', { exact: true })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('radio', { name: 'English' }).press('Space')
  await expect(page.getByText('“你是谁？” was deleted.', { exact: true })).toBeVisible()
  await picture(page, 'toast')
  await letTimePass(8_000)
  await expect(page.getByText('“你是谁？” was deleted.', { exact: true })).toBeHidden()
})
