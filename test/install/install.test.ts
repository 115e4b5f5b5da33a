import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { calls, streams, type Update } from '../../preload/contract.ts'
import { freePort } from '../../scripts/free-port.ts'
import { mayInstall, testPerson } from '../../scripts/installable.ts'
import { startVirtualScreen, type VirtualScreen } from '../../scripts/virtual-screen.ts'
import { cycloneDxFaults } from './cyclonedx.ts'
import { type InstalledWindow, installedVersion, openInstalled, program } from './installed-window.ts'
import { createPerson, type Person } from './person.ts'
import { startUpdateServer, type UpdateServer } from './update-server.ts'

/*
 * One person's life with the Debian package: installed with apt, opened, asked, upgraded, removed. The tests build on
 * each other, in this order.
 */

const packages = process.env.HEARTH_TEST_PACKAGES as string
const question = 'What is the capital of France?'

let screen: VirtualScreen
let person: Person
let api: string
let updateServer: UpdateServer
let installed: InstalledWindow | undefined
/** What the system had before. */
let filesBefore: Set<string>
let packagesBefore: Set<string>

beforeAll(async () => {
  packagesBefore = allPackages()
  screen = await startVirtualScreen()
  api = `http://127.0.0.1:${await freePort()}`
  person = createPerson(testPerson, { ...screen.env, OLLAMA_HOST: api })
  filesBefore = systemFiles()
  // Installing asks for the password of an administrator, which this person is, and has none.
  writeFileSync(mayInstall, `${person.name} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 })
  updateServer = await startUpdateServer(process.env.HEARTH_TEST_UPDATE_SERVER as string, join(packages, 'next'))
  // The cookie for the screen is the person's now.
  for (const path of [screen.env.XAUTHORITY, dirname(screen.env.XAUTHORITY)]) {
    chownSync(path, statSync(person.home).uid, statSync(person.home).gid)
  }
})

afterAll(async () => {
  await updateServer?.close()
  await person?.remove()
  rmSync(mayInstall, { force: true })
  await screen?.stop()
  const added = [...allPackages()].filter(name => !packagesBefore.has(name))
  if (added.length > 0) apt('purge', ...added)
})

test('apt installs it, with what it needs', () => {
  apt('install', packageOf('now'))
  expect(installedVersion('hearth')).toBe(packageVersion('now'))
  // The helper is setuid exactly where Chromium cannot do without.
  const setuid = (statSync('/opt/Hearth/chrome-sandbox').mode & 0o4000) !== 0
  expect(setuid).toBe(!userNamespaces())
})

// The package must not ship what the target platform cannot run: 800 MB otherwise.
test('only the native parts of this platform are inside, and no back end for graphics cards', () => {
  const native = files('/opt/Hearth/resources').filter(path => /\.(node|so|dylib|dll)$/.test(path))
  const folders = new Set(native.map(path => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]))
  expect([...folders].sort()).toEqual([
    '@fugood/node-llama-linux-x64',
    '@koromix/koffi-linux-x64',
    '@libsql/linux-x64-gnu',
    '@node-llama-cpp/linux-x64',
    '@reflink/reflink-linux-x64-gnu',
  ])
})

test('the desktop knows it: its entry, its icons, its page in software centres', () => {
  execFileSync('desktop-file-validate', ['/usr/share/applications/hearth-app.desktop'])
  execFileSync('appstreamcli', ['validate', '--no-net', '/usr/share/metainfo/app.hearth.desktop.metainfo.xml'])
  for (const size of ['16x16', '48x48', '256x256', '512x512']) {
    expect(existsSync(`/usr/share/icons/hicolor/${size}/apps/hearth-app.png`)).toBe(true)
  }
})

test('whose work is in it lies beside it, and the bill keeps to CycloneDX', () => {
  const notices = readFileSync('/opt/Hearth/resources/THIRD-PARTY-NOTICES.txt', 'utf8')
  const bill = JSON.parse(readFileSync('/opt/Hearth/resources/sbom.cdx.json', 'utf8'))
  const names = bill.components.map(({ group, name }: Record<string, string>) =>
    [group, name].filter(Boolean).join('/'),
  )
  // From the archive, from inside the window's bundle, the native engines, and what is compiled into those.
  const some = ['node-llama-cpp', 'react', 'llama.cpp', 'Electron', 'libsql', 'libSQL and SQLite', 'libwebp']
  expect(names).toEqual(expect.arrayContaining(some))
  for (const name of names) expect(notices).toContain(`\n${name} `)
  expect(cycloneDxFaults(bill)).toEqual([])
})

test('an ordinary person opens it with the sandbox on, and chats with the demo model', async () => {
  installed = await openInstalled(person)
  // The chat keeps the question as its name.
  await installed.page.evaluate(() => hearth.call('settings.change', { modelTitles: false }))
  await ask(installed.page, question)
  await installed.page.getByText('The capital of France is Paris.').first().waitFor()
  await installed.page.screenshot({ path: join('test-results', 'screens', 'installed.png') })

  const [renderer] = processesOf('--type=renderer')
  expect(renderer, 'a renderer').toBeDefined()
  const status = readFileSync(`/proc/${renderer}/status`, 'utf8')
  expect(status, 'a filter of system calls').toMatch(/^Seccomp:\s+2$/m)
  expect(status, 'no new privileges').toMatch(/^NoNewPrivs:\s+1$/m)
  const namespaceOf = (pid: number | undefined) => readlinkSync(`/proc/${pid}/ns/pid`)
  expect(namespaceOf(renderer), 'processes it can see').not.toBe(namespaceOf(process.pid))
  expect(installed.printed()).not.toContain('sandbox')
})

test('the fuses are shut, read back from the program itself', async () => {
  const V = FuseV1Options
  // As the wire has it: the character 1.
  const enabled = 0x31 as never
  const wire = await getCurrentFuseWire(program)
  const on = (option: FuseV1Options) => wire[option] === enabled
  expect({
    runAsNode: on(V.RunAsNode),
    nodeOptions: on(V.EnableNodeOptionsEnvironmentVariable),
    inspectArguments: on(V.EnableNodeCliInspectArguments),
    asarIntegrity: on(V.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: on(V.OnlyLoadAppFromAsar),
    cookieEncryption: on(V.EnableCookieEncryption),
    filePrivileges: on(V.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    inspectArguments: false,
    asarIntegrity: true,
    onlyAsar: true,
    cookieEncryption: true,
    filePrivileges: false,
  })
})

// Each was a way to run a stranger's script under Hearth's name, with its rights.
test('the program runs no script of others: not as Node, not by NODE_OPTIONS, no debugger', async () => {
  const mark = join(person.home, 'ran')
  writeFileSync(join(person.home, 'stranger.cjs'), `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`)
  const asNode = [program, join(person.home, 'stranger.cjs')]
  await person.run(['env', 'ELECTRON_RUN_AS_NODE=1', 'timeout', '10', ...asNode])
  const required = `NODE_OPTIONS=--require ${join(person.home, 'stranger.cjs')}`
  await person.run(['env', required, 'timeout', '10', program, '--version'])
  await person.run(['env', required, 'hearth', 'list'])
  expect(existsSync(mark)).toBe(false)
  const { output } = await person.run(['timeout', '10', program, '--inspect-brk=0'])
  expect(output).not.toContain('Debugger listening')
})

test('its page is confined: no Node, no other page, no window, no permission, no script from elsewhere', async () => {
  const { page } = open()
  const found = await page.evaluate(async () => {
    const denied = (asked: Promise<unknown>) => asked.then(() => false).catch(() => true)
    // The debugger that runs this is exempt from the policy, what it leaves behind is not.
    await new Promise(resolve => setTimeout(resolve))
    let scriptFromString = true
    try {
      new Function('')()
    } catch {
      scriptFromString = false
    }
    const inline = document.createElement('script')
    inline.textContent = 'window.inlineScriptRan = true'
    document.body.append(inline)
    const frame = document.createElement('iframe')
    frame.src = 'app://hearth/'
    document.body.append(frame)
    await new Promise(resolve => setTimeout(resolve, 200))
    return {
      names: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(name => name in window),
      bridge: Object.keys(hearth).sort(),
      scriptFromString,
      inlineScript: 'inlineScriptRan' in window,
      opened: window.open('app://hearth/') !== null,
      network: !(await denied(fetch('http://127.0.0.1:1/'))),
      camera: !(await denied(navigator.mediaDevices.getUserMedia({ video: true }))),
      microphone: !(await denied(navigator.mediaDevices.getUserMedia({ audio: true }))),
      clipboard: !(await denied(navigator.clipboard.read())),
      place: !(await denied(new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)))),
      notifications: await Notification.requestPermission(),
      frame: frame.contentDocument?.querySelector('#root') ?? null,
    }
  })
  expect(found).toEqual({
    names: [],
    bridge: ['call', 'offer', 'subscribe', 'window'],
    scriptFromString: false,
    inlineScript: false,
    opened: false,
    network: false,
    camera: false,
    microphone: false,
    clipboard: false,
    place: false,
    notifications: 'denied',
    frame: null,
  })
  expect(await worldsOf(page), 'what preload runs in, apart from the page').toContain('Electron Isolated Context')
  for (const address of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,hello', 'app://elsewhere/']) {
    await page.evaluate(url => {
      location.href = url
    }, address)
  }
  await page.waitForTimeout(300)
  expect(page.url()).toMatch(/^app:\/\/hearth\//)
  const policy = await page.evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy'))
  expect(policy).toContain("default-src 'none'; script-src 'self';")
})

// A page gone wrong speaks over the same door.
test('main answers nothing that is not in the contract, nor in the wrong form', async () => {
  const { page } = open()
  expect(await codeOf(page, 'constructor', {})).toBe('invalid-request')
  expect(await codeOf(page, 'settings.change', { theme: 'pink' })).toBe('invalid-request')
  expect(await codeOf(page, 'app.openExternal', { url: 'file:///etc/passwd' })).toBe('invalid-request')
  for (const name of Object.keys(calls)) expect(await codeOf(page, name, 'no input'), name).toBe('invalid-request')
  for (const name of Object.keys(streams)) expect(await eventsOf(page, name, 'no input'), name).toBe(0)
  expect(await eventsOf(page, 'settings.watch', {}), 'a stream as it should be').toBeGreaterThan(0)
})

// The debugger can do what the page cannot: bring a stranger's page into the window, where preload gives it the door.
test('main answers no other page, though it stands in the window of Hearth', async () => {
  const { page } = open()
  for (const address of ['app://elsewhere/', 'data:text/html,<h1>Hearth</h1>']) {
    await page.goto(address)
    expect(await page.evaluate(() => 'hearth' in window), address).toBe(true)
    expect(await codeOf(page, 'app.info', {}), address).toBe('invalid-request')
    expect(await codeOf(page, 'settings.change', { theme: 'dark' }), address).toBe('invalid-request')
    expect(await eventsOf(page, 'conversations.list', {}), address).toBe(0)
  }
  await page.goto('app://hearth/')
  await page.getByRole('main').waitFor()
  expect(await codeOf(page, 'app.info', {})).toBe('answered')
})

test('the program runs nothing that lies beside its archive', async () => {
  const beside = '/opt/Hearth/resources/app'
  const mark = join(person.home, 'ran')
  mkdirSync(beside)
  writeFileSync(join(beside, 'package.json'), '{ "main": "index.cjs" }')
  writeFileSync(join(beside, 'index.cjs'), `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`)
  try {
    expect((await person.run(['timeout', '20', program])).output).toContain('Hearth is already open')
  } finally {
    rmSync(beside, { recursive: true })
  }
  expect(existsSync(mark)).toBe(false)
})

test('links and model files open with it, in the running program and with it', async () => {
  const asked = async (...command: string[]) => (await person.run(command)).output
  const model = join(person.home, 'my model.gguf')
  copyFileSync('/opt/Hearth/resources/demo-model/tiny-chat-q8_0.gguf', model)
  expect(await asked('xdg-mime', 'query', 'default', 'x-scheme-handler/hearth')).toBe('hearth-app.desktop\n')
  expect(await asked('gio', 'info', '-a', 'standard::content-type', model)).toContain('application/x-gguf')
  expect(await asked('gio', 'mime', 'application/x-gguf')).toContain('hearth-app.desktop')

  const entry = '/usr/share/applications/hearth-app.desktop'
  const { page } = open()
  await asked('gio', 'launch', entry, 'hearth://chat?prompt=What%20is%20it%3F')
  const box = page.getByRole('textbox', { name: 'Your message' })
  await expect.poll(() => box.inputValue()).toBe('What is it?')
  await box.fill('')
  await asked('gio', 'launch', entry, model)
  await page.getByRole('region', { name: 'What it is made from' }).getByText('my model.gguf').waitFor()

  await open().close()
  installed = await openInstalled(person, ['hearth://pull/qwen3:4b'])
  await installed.page.getByRole('region', { name: 'A link leads to this model' }).getByText('qwen3:4b').waitFor()
})

test('the command and curl find the same models and the same answer', async () => {
  expect((await person.run(['hearth', '--version'])).output).toContain('hearth version is ')
  expect((await person.run(['hearth', 'list'])).output).toMatch(/^hearth-demo:latest /m)
  expect((await person.run(['hearth', 'run', 'hearth-demo', '--think=false', question])).output).toBe(
    'The capital of France is Paris.\n',
  )
  const body = JSON.stringify({
    model: 'hearth-demo',
    messages: [{ role: 'user', content: question }],
    think: false,
    stream: false,
  })
  const answer = JSON.parse((await person.run(['curl', '-sS', `${api}/api/chat`, '-d', body])).output)
  expect(answer.message.content).toBe('The capital of France is Paris.')
})

test('nothing is looked for unasked', async () => {
  expect(updateServer.asked).toEqual([])
  expect((await update()).state).toBe('idle')
})

// Whoever holds the server back at an old version would bring its weaknesses back; a roll-out goes to a share at first.
test('an older version is no update, nor one that is for others first', async () => {
  updateServer.misbehave({ announced: list => list.replace(/^version: .*/m, 'version: 0.0.1') })
  await call('updates.check')
  expect(await update()).toMatchObject({ state: 'idle', version: null, problem: null })
  updateServer.misbehave({ announced: list => `${list}stagingPercentage: 0\n` })
  await call('updates.check')
  expect(await update()).toMatchObject({ state: 'idle', version: null, problem: null })
  updateServer.misbehave({ announced: list => `${list}stagingPercentage: 100\n` })
  await call('updates.check')
  expect(await update()).toMatchObject({ state: 'available', version: packageVersion('next') })
})

// The bytes of an update come from a network; what decides is the hash that was announced.
test.each([
  [{ tampered: true }, 'update-not-genuine'],
  [{ cutOff: true }, 'update-failed'],
])('an update that is not what was announced is thrown away: %j', async (mischief, code) => {
  updateServer.misbehave(mischief)
  await call('updates.download')
  await expect.poll(async () => (await update()).problem?.code).toBe(code)
  expect(await update()).toMatchObject({ state: 'available' })
  expect(stagedPackages()).toEqual([])
  updateServer.misbehave({})
})

// electron-updater gives each copy a number for ever, and would send it along.
test('nothing that it asks tells which copy asks', () => {
  expect(updateServer.asked.length).toBeGreaterThan(3)
  const told = updateServer.asked.flatMap(({ headers }) => Object.keys(headers))
  expect(told).not.toContain('x-user-staging-id')
  expect(told).not.toContain('cookie')
})

test('chosen in the settings, it is downloaded and verified beside the running one', async () => {
  const { page } = open()
  await page.keyboard.press('Control+,')
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  await expect.poll(async () => (await update()).state).toBe('ready')
  expect(stagedPackages()).toHaveLength(1)
  // Whatever leaves the computer is told on the settings page.
  await page.getByText('To look for updates').first().waitFor()
  expect(installedVersion('hearth')).toBe(packageVersion('now'))
  await page.screenshot({ path: join('test-results', 'screens', 'update-ready.png') })
})

test('it waits for an answer, then installs itself, comes back, and has kept the chats', async () => {
  // It has no end before its client leaves, however quick the machine.
  const format = { type: 'string', minLength: 50_000 }
  const body = { model: 'hearth-demo', prompt: 'Hello', format, options: { num_predict: -1 } }
  const answering = person.start(['curl', '-sSN', `${api}/api/generate`, '-d', JSON.stringify(body)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(answering.stdout as Readable, 'data')
  await call('updates.install')
  expect((await update()).state).toBe('waiting')
  // Neither quits nor installs while a word more comes.
  await once(answering.stdout as Readable, 'data')
  expect((await update()).state).toBe('waiting')
  expect(installedVersion('hearth')).toBe(packageVersion('now'))
  answering.kill()

  installed = await open().restarted()
  expect(installedVersion('hearth')).toBe(packageVersion('next'))
  expect((await installed.page.evaluate(() => hearth.call('app.info', {}))).version).toBe(packageVersion('next'))
  await installed.page.getByRole('navigation', { name: 'Chats' }).getByText(question).first().click()
  await installed.page.getByText('The capital of France is Paris.').first().waitFor()
})

test('removed, it leaves the person’s data and nothing else', async () => {
  await installed?.close()
  installed = undefined
  apt('purge', 'hearth')
  const left = [...systemFiles()].filter(file => !filesBefore.has(file) && !caches.test(file))
  expect(left.filter(file => !ownedByDebian(file))).toEqual([])
  expect(existsSync('/opt/Hearth')).toBe(false)
  expect(existsSync(join(person.home, '.local', 'share', 'hearth', 'conversations.db'))).toBe(true)
  expect(person.processes(), 'of the person').toEqual([])
})

/** The open window. */
function open(): InstalledWindow {
  if (installed === undefined) throw new Error('no window is open')
  return installed
}

/** The code of the problem that a call is answered with; `answered` when it is not refused. */
const codeOf = (page: Page, name: string, input: unknown): Promise<string> =>
  page.evaluate(
    ([name, input]) =>
      hearth.call(name as 'app.info', input as Record<string, never>).then(
        () => 'answered',
        (error: Error) => JSON.parse(error.message.slice(error.message.indexOf('{'))).code as string,
      ),
    [name, input] as const,
  )

/** How many events a stream tells before an answer to a call that was made after it. */
const eventsOf = (page: Page, name: string, input: unknown): Promise<number> =>
  page.evaluate(
    async ([name, input]) => {
      let events = 0
      const end = hearth.subscribe(name as 'settings.watch', input as Record<string, never>, () => {
        events += 1
      })
      await hearth.call('app.info', {}).catch(() => {})
      await new Promise(resolve => setTimeout(resolve, 50))
      end()
      return events
    },
    [name, input] as const,
  )

/** Names of the worlds that scripts run in, in a page. */
async function worldsOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const names: string[] = []
  session.on('Runtime.executionContextCreated', ({ context }) => names.push(context.name))
  await session.send('Runtime.enable')
  await session.detach()
  return names
}

const call = (name: 'updates.check' | 'updates.download' | 'updates.install') =>
  open().page.evaluate(name => hearth.call(name, {}), name)

/** What the window is told of a newer version. */
const update = (): Promise<Update> =>
  open().page.evaluate(
    () =>
      new Promise<Update>(resolve => {
        const end = hearth.subscribe('updates.watch', {}, update => {
          resolve(update)
          end?.()
        })
      }),
  )

/** Packages that lie ready to be installed. */
function stagedPackages(): string[] {
  const folder = join(person.home, '.cache', 'hearth-updater', 'pending')
  return existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.deb')) : []
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text)
  const send = page.getByRole('button', { name: 'Send', exact: true })
  await expect.poll(() => send.isEnabled()).toBe(true)
  await send.click()
}

function apt(action: 'install' | 'purge', ...names: string[]): void {
  const settings = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', '-o', 'APT::Sandbox::User=root']
  execFileSync('apt-get', [action, ...settings, ...names], {
    env: {
      ...process.env,
      DEBIAN_FRONTEND: 'noninteractive',
      SUDO_FORCE_REMOVE: 'yes',
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

function packageOf(name: 'now' | 'next'): string {
  const folder = join(packages, name)
  return join(folder, readdirSync(folder).find(file => file.endsWith('.deb')) as string)
}

const packageVersion = (name: 'now' | 'next'): string =>
  execFileSync('dpkg-deb', ['--field', packageOf(name), 'Version'], { encoding: 'utf8' }).trim()

/** Where packages put things, by their paths. */
const systemFiles = (): Set<string> => new Set(['/opt', '/usr', '/etc'].flatMap(files))

/** What the system itself makes anew when a package comes or goes. */
const caches = /\.cache$|^\/usr\/share\/mime\/|^\/etc\/sudoers\.d\/|^\/etc\/(passwd|group|shadow|gshadow|sub[ug]id)/

function files(folder: string): string[] {
  const found = execFileSync('find', [folder, '-xdev', '-not', '-type', 'd'], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  return found.split('\n').filter(Boolean)
}

/** Belongs to a package that came along with Hearth, and is taken away with it at the end. */
function ownedByDebian(file: string): boolean {
  try {
    execFileSync('dpkg', ['--search', file], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const allPackages = (): Set<string> =>
  new Set(execFileSync('dpkg-query', ['-W', '-f', '${binary:Package}\n'], { encoding: 'utf8' }).trim().split('\n'))

/** As Chromium would find them for an ordinary person. */
function userNamespaces(): boolean {
  try {
    execFileSync('setpriv', ['--reuid=nobody', '--clear-groups', '--inh-caps=-all', 'unshare', '--user', 'true'], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

const processesOf = (argument: string): number[] =>
  person.processes().filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(argument))
