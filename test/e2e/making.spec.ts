import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { answered, answers, ask, choose, holdTime } from './chat.ts'
import { expect, picture, test } from './launch.ts'

const fixture = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'models', name)
const english = { settings: { language: 'en', theme: 'light' } } as const
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

async function openCreate(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await page.getByRole('tab', { name: 'Create' }).click()
}

/** A file from the system's file manager: one that a page makes up has no path. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
  }
  await session.detach()
}

/** Models that are only tried, as the folder has them. */
const trials = (models: string) =>
  readdir(join(models, 'manifests', 'registry.ollama.ai', 'hearth-trial')).catch(() => [] as string[])

test('a person gives a model a character by keyboard, tries it, changes it, and keeps it', async ({ computer }) => {
  const { page } = await computer.start(english)
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await page.getByRole('button', { name: 'Actions for hearth-demo' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Make a variant' }).press('Enter')
  await expect(region(page, 'What it is made from')).toContainText('precision Q8_0')
  await expect(region(page, 'Size and quality')).toContainText('cannot be reduced again')
  const system = page.getByRole('textbox', { name: 'What it should know and be' })
  await system.fill('You are an assistant named Cornelius.')
  await page.getByRole('slider', { name: 'Creativity' }).focus()
  await page.keyboard.press('Home')
  await picture(page, 'models-create')

  const panel = page.getByRole('complementary', { name: 'Try it' })
  const question = panel.getByRole('textbox')
  const tried = async (name: string) => {
    await question.fill('What is your name?')
    await question.press('Enter')
    await expect(panel.getByRole('article')).toContainText(name)
    await expect(panel.getByRole('article')).toHaveAttribute('aria-busy', 'false')
    expect(await trials(computer.models)).toHaveLength(1)
  }
  await page.getByRole('button', { name: 'Try it' }).press('Enter')
  await tried('Cornelius')
  await picture(page, 'models-trial')
  await system.fill('You are an assistant named Mirabelle.')
  await expect(panel).toContainText('You have changed something since.')
  await panel.getByRole('button', { name: 'Try it as it is now' }).press('Enter')
  await expect(panel.getByRole('article')).toHaveCount(0)
  await tried('Mirabelle')

  const name = page.getByRole('textbox', { name: 'Name of the new model' })
  await name.fill('Hearth-Demo:latest')
  await name.press('Enter')
  await expect(region(page, 'Try it and keep it')).toContainText('Another model has this name already.')
  await name.fill('two words')
  await name.press('Enter')
  await expect(region(page, 'Try it and keep it')).toContainText('A name is made of letters')
  await name.fill('mirabelle')
  const goOn = await holdTime(page)
  await name.press('Enter')
  const ready = page.getByText('“mirabelle” is made and ready to use.', { exact: true })
  await expect(ready).toBeVisible()
  // It lay on what the next name is written for.
  const bar = page.getByText('Name of the new model')
  const between = async () => {
    const [said, asked] = [await ready.boundingBox(), await bar.boundingBox()]
    return said && asked ? asked.y - said.y - said.height : undefined
  }
  await expect.poll(between).toBeGreaterThanOrEqual(0)
  await goOn(0)
  await expect(panel).toBeHidden()
  await expect.poll(() => trials(computer.models)).toEqual([])

  await page.getByRole('tab', { name: 'Installed' }).click()
  const installed = region(page, 'On this computer')
  await expect(installed.getByRole('listitem', { name: /hearth-trial/ })).toHaveCount(0)
  const card = installed.getByRole('listitem', { name: 'mirabelle', exact: true })
  await card.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('dialog').getByText('System prompt').click()
  await expect(page.getByRole('dialog')).toContainText('You are an assistant named Mirabelle.')
  await page.keyboard.press('Escape')
  await card.getByRole('button', { name: 'Chat' }).click()
  await ask(page, 'What is your name?')
  await answered(page, 'Mirabelle')
})

test('a person makes models of files: shrunk, with an adapter, and as a Modelfile says', async ({ computer }) => {
  const hearth = await computer.start(english)
  const { page } = hearth
  const makings = region(page, 'In the making')
  const base = region(page, 'What it is made from')
  const keep = async (name: string) => {
    const field = page.getByRole('textbox', { name: 'Name of the new model' })
    await field.fill(name)
    await field.press('Enter')
    await expect(makings.getByRole('listitem', { name, exact: true })).toContainText('Ready to use')
    // The description is kept until its model is, and then makes room for the next one.
    await expect(field).toHaveValue('')
  }
  const modelfile = `FROM ./mine.gguf
SYSTEM Be brief.
PARAMETER stop "<end>"
MESSAGE user Hello
MESSAGE assistant Ahoy!`
  // Anywhere on the window, the chat too: a drop leads to where it becomes a model.
  const text = join(computer.home, 'text.gguf')
  await writeFile(text, 'this is no model')
  await drop(page, text)
  await expect(base.getByRole('alert')).toContainText('This is no model Hearth can use')
  await drop(page, fixture('tiny-chat-f16.gguf'))
  await expect(base).toContainText('tiny-chat-f16.gguf: F16')
  await expect(base.getByRole('alert')).toBeHidden()
  await page.getByRole('radio', { name: 'Nearly as good' }).click()
  await picture(page, 'models-create-file')
  await keep('smaller')

  await choose(hearth.app, fixture('tiny-chat-hf'))
  await press(page, 'Folder…')
  await expect(base).toContainText('tiny-chat-hf: F16')
  await choose(hearth.app, fixture('tiny-pirate-lora.gguf'))
  await press(page, 'Adapter file…')
  await expect(region(page, 'Adapter')).toContainText('tiny-pirate-lora.gguf')
  await keep('pirate')

  await press(page, 'Paste a Modelfile…')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('FROM ./mine.gguf\nTELL me')
  await dialog.getByRole('button', { name: 'Fill the fields' }).click()
  await expect(dialog).toContainText('Line 2 is not understood.')
  await dialog.getByRole('textbox').fill(modelfile)
  await dialog.getByRole('button', { name: 'Fill the fields' }).click()
  await expect(base).toContainText('The Modelfile is made from “./mine.gguf”.')
  await expect(page.getByRole('button', { name: 'Try it', exact: true })).toBeDisabled()
  await choose(hearth.app, fixture('tiny-chat-q8_0.gguf'))
  await press(page, 'GGUF file…')
  await expect(base).toContainText('tiny-chat-q8_0.gguf: Q8_0')
  await expect(region(page, 'How it answers')).toContainText('stop ["<end>"]')
  await expect(page.getByRole('textbox', { name: 'Message 2' })).toHaveValue('Ahoy!')
  await keep('brief')

  await makings.getByRole('listitem', { name: 'pirate' }).getByRole('button', { name: 'Chat' }).click()
  await ask(page, 'What is the capital of Japan?')
  await expect(answers(page).last()).toHaveAttribute('aria-busy', 'false')
})

test('a template that is none is told where it is made, and a kill costs the trial and nothing that was written', async ({
  computer,
}) => {
  const first = await computer.start(english)
  await openCreate(first.page)
  await first.page.getByRole('combobox', { name: 'A model on this computer' }).selectOption('hearth-demo')
  await first.page.getByText('For experts').click()
  const template = first.page.getByRole('textbox', { name: 'Template' })
  await template.fill('{{ if }}')
  await press(first.page, 'Try it')
  const panel = first.page.getByRole('complementary', { name: 'Try it' })
  await expect(panel.getByRole('alert')).toContainText('This cannot be made the way it is set')
  await template.fill('')
  await panel.getByRole('button', { name: 'Try it as it is now' }).click()
  await expect(panel.getByRole('textbox')).toBeVisible()
  await first.page.getByRole('textbox', { name: 'What it should know and be' }).fill('Be brief.')
  const kept = join(computer.home, 'making.json')
  await expect.poll(() => readFile(kept, 'utf8').catch(() => '')).toContain('Be brief.')
  const killed = new Promise(resolve => first.process.once('exit', resolve))
  first.process.kill('SIGKILL')
  await killed
  const { page } = await computer.start()
  await page.keyboard.press('ControlOrMeta+Shift+m')
  await expect.poll(() => trials(computer.models)).toEqual([])
  await expect(region(page, 'On this computer')).toContainText('1 model takes')
  await page.getByRole('tab', { name: 'Create' }).click()
  await expect(page.getByRole('textbox', { name: 'What it should know and be' })).toHaveValue('Be brief.')
  await expect(region(page, 'What it is made from')).toContainText('precision Q8_0')
})
