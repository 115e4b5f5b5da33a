import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canMount, SmallDisk } from '../integration/small-disk.ts'
import { answered, answers, ask, chats, composer, submit } from './chat.ts'
import { expect, picture, test } from './launch.ts'

test.skip(!canMount, 'a disk of its own can only be mounted by root')

test('on a full disk a question stays in its field with a card, and is sent once there is room', async ({
  computer,
}) => {
  const disk = new SmallDisk(64)
  try {
    const { page, quit } = await computer.start({
      settings: { language: 'en', theme: 'light' },
      env: { HEARTH_HOME: disk.path },
    })
    await ask(page, 'What is the capital of Japan?')
    await answered(page, 'Tokyo')
    disk.fill()
    const question = `What is the capital of France? ${'Please. '.repeat(20_000)}`
    await submit(page, question)
    await expect(page.getByRole('alert')).toContainText('The disk is full')
    await picture(page, 'full-disk')
    await expect(composer(page)).toHaveValue(question)
    disk.free()
    await composer(page).fill('What is the capital of France?')
    await composer(page).press('Enter')
    await expect(answers(page).last()).toContainText('Paris')
    await expect(page.getByRole('alert')).toBeHidden()
    await quit()
    await cp(disk.path, computer.home, { recursive: true })
  } finally {
    disk.unmount()
  }
  const again = await computer.start()
  await chats(again.page).getByRole('button', { name: 'What is the capital of Japan?', exact: true }).click()
  await expect(answers(again.page)).toHaveText([/Tokyo/, /Paris/])
})

// Electron's lock fails there as it does beside an open Hearth: it ended without a word, or with the system's own
// error.
test('a folder that may not be written is told in plain words, and not taken for an open Hearth', async ({
  display,
}) => {
  const disk = new SmallDisk()
  // Electron writes there instead, and is killed over it.
  const instead = await mkdtemp(join(tmpdir(), 'hearth-e2e-'))
  await mkdir(join(disk.path, 'browser'))
  disk.readOnly(true)
  const { HEARTH_TEST_ELECTRON: electron = '', HEARTH_TEST_ARGUMENTS: args = '[]' } = process.env
  const env = { ...process.env, ...display, HEARTH_HOME: disk.path, TMPDIR: instead, LANGUAGE: 'en' }
  const child = spawn(electron, JSON.parse(args) as string[], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text))
    await expect.poll(() => said).toContain('Hearth cannot start\nIt may not write to the folder of your chats')
    expect(said).toContain(disk.path)
    expect(said).not.toContain('already open')
  } finally {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    disk.unmount()
    await rm(instead, { recursive: true, force: true, maxRetries: 10 })
  }
})
