import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { generateAppRunScript } from 'app-builder-lib/out/targets/appimage/appImageUtil.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { testPerson } from '../../scripts/installable.ts'
import { startVirtualScreen, type VirtualScreen } from '../../scripts/virtual-screen.ts'
import { type InstalledWindow, openInstalled } from './installed-window.ts'
import { createPerson, type Person } from './person.ts'

/*
 * A person who installs nothing: the tar.gz, unpacked at home, and the same as an AppImage. Both lay the command
 * themselves. The tests build on each other, in this order.
 */

let screen: VirtualScreen
let person: Person
/** The unpacked folder. */
let folder: string
/** Where the command is laid. */
let command: string
let opened: InstalledWindow | undefined

beforeAll(async () => {
  screen = await startVirtualScreen()
  const api = `http://127.0.0.1:${await freePort()}`
  person = createPerson(testPerson, { ...screen.env, OLLAMA_HOST: api, SHELL: '/bin/bash' })
  const { uid, gid } = statSync(person.home)
  for (const path of [screen.env.XAUTHORITY, dirname(screen.env.XAUTHORITY)]) chownSync(path, uid, gid)
  const packages = join(process.env.HEARTH_TEST_PACKAGES as string, 'now')
  const archive = join(packages, readdirSync(packages).find(name => name.endsWith('.tar.gz')) as string)
  execFileSync('tar', ['--extract', '--file', archive, '--directory', person.home])
  folder = join(person.home, readdirSync(person.home).find(name => name.startsWith('Hearth-')) as string)
  execFileSync('chown', ['--recursive', person.name, folder])
  command = join(person.home, '.local', 'bin', 'hearth')
})

afterAll(async () => {
  await person?.remove()
  await screen?.stop()
})

const inTerminal = async (words: string): Promise<string> => (await person.run(['bash', '-i', '-c', words])).output

async function settings(): Promise<InstalledWindow['page']> {
  const { page } = opened as InstalledWindow
  await page.keyboard.press('Control+n')
  await page.keyboard.press('Control+,')
  await page.getByRole('region', { name: 'In the system' }).scrollIntoViewIfNeeded()
  return page
}

test('the settings lay the command, say what a terminal needs to find it, and take it away', async () => {
  opened = await openInstalled(person, [], join(folder, 'hearth-app'))
  const page = await settings()
  await page.getByRole('button', { name: 'Install', exact: true }).click()
  // This person's terminals do not look in ~/.local/bin yet.
  const line = await page.getByText('export PATH=').textContent()
  await page.screenshot({ path: join('test-results', 'screens', 'command-off-path.png') })
  expect(await inTerminal('hearth list')).toContain('command not found')
  expect((await person.run([command, 'list'])).output).toMatch(/^hearth-demo:latest /m)
  appendFileSync(join(person.home, '.bashrc'), `${line}\n`)
  expect(await inTerminal('hearth list')).toMatch(/^hearth-demo:latest /m)
  await settings()
  await page.getByText(`Ready in the terminal: ${command}`).waitFor()
  await page.screenshot({ path: join('test-results', 'screens', 'command-ready.png') })
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('button', { name: 'Install', exact: true }).waitFor()
  expect(lstatSync(command, { throwIfNoEntry: false })).toBeUndefined()
})

test('the settings put it into the desktop’s menu, and a link opens with it', async () => {
  const { page, close } = opened as InstalledWindow
  const opener = async () =>
    (await person.run(['xdg-mime', 'query', 'default', 'x-scheme-handler/hearth'])).output.trim()
  expect(await opener()).toBe('')
  const inMenu = page.getByRole('switch', { name: 'In the applications menu' })
  await inMenu.click()
  await expect.poll(() => inMenu.isChecked()).toBe(true)
  expect(await opener()).toBe('hearth-app.desktop')
  const entry = join(person.home, '.local', 'share', 'applications', 'hearth-app.desktop')
  await person.run(['gio', 'launch', entry, 'hearth://chat?prompt=What%20is%20it%3F'])
  await expect.poll(() => page.getByRole('textbox', { name: 'Your message' }).inputValue()).toBe('What is it?')
  await settings()
  await inMenu.click()
  await expect.poll(() => existsSync(entry)).toBe(false)
  await close()
})

/**
 * What stands in for an AppImage, whose runtime is a download: a file that shows the app's folder at a new place at
 * each start, tells so by APPIMAGE and APPDIR, starts electron-builder's own AppRun there, and takes the place away at
 * its end.
 */
function makeAppImage(): string {
  const names = { DesktopFileName: 'hearth-app.desktop', ExecutableName: 'hearth-app', ProductName: 'Hearth' }
  const appRun = generateAppRunScript({ ...names, ProductFilename: 'Hearth', ResourceName: 'appimagekit-hearth-app' })
  writeFileSync(join(folder, 'AppRun'), appRun)
  chmodSync(join(folder, 'AppRun'), 0o755)
  const { uid, gid } = statSync(person.home)
  chownSync(join(folder, 'AppRun'), uid, gid)
  const file = join(person.home, 'Hearth 1.AppImage')
  const runtime = `#!/bin/bash
export APPIMAGE=$(readlink -f "$0")
export APPDIR=$(mktemp -d "$HOME/.mount_HearthXXXXXX")
cp -al '${folder}/.' "$APPDIR"
"$APPDIR/AppRun" "$@"
code=$?
rm -rf "$APPDIR"
exit $code
`
  writeFileSync(file, runtime)
  chmodSync(file, 0o755)
  return file
}

test('an AppImage opens with the sandbox on, and the palette lays a command that outlives its mount', async () => {
  const image = makeAppImage()
  opened = await openInstalled(person, [], image)
  const { page, printed } = opened
  await page.keyboard.press('Control+k')
  await page.keyboard.type('install the command')
  await page.keyboard.press('Enter')
  await page.getByText('The command hearth is ready in new terminal windows').first().waitFor()
  expect(printed()).not.toContain('sandbox')
  expect(await inTerminal('hearth list')).toMatch(/^hearth-demo:latest /m)
  await opened.close()
  await expect.poll(() => readdirSync(person.home).filter(name => name.startsWith('.mount_'))).toEqual([])

  // No window is open: the command brings up a server, in a mount of its own.
  expect(
    await inTerminal('cd /tmp && hearth run hearth-demo --think=false "What is the capital of France?"'),
  ).toContain('The capital of France is Paris.')
  expect(await inTerminal('hearth ps')).toContain('hearth-demo')
  expect(existsSync(image)).toBe(true)
})
