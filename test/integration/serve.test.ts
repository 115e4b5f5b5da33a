import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serverUrls } from '../../main/api/server/lan-addresses.ts'
import { Notices } from '../../main/settings/notices.ts'
import type { Notice } from '../../preload/contract.ts'
import { endlessAnswer, endlessOptions } from './api/server.ts'
import { processesWith } from './processes.ts'

const project = join(import.meta.dirname, '..', '..')
const headless = [join(project, 'out', 'main', 'headless.js')]

let folder: string
let running: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-serve-test-'))
  running = []
})

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A program as a person starts it: with a home of its own and what it prints collected. */
function start(command: string, args: readonly string[], host = '127.0.0.1:0', more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, ...more, HEARTH_HOME: join(folder, 'home'), OLLAMA_MODELS: join(folder, 'models') }
  const child = spawn(command, args, {
    cwd: project,
    env: { ...env, OLLAMA_HOST: host },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  const printed = { out: '', errors: '' }
  child.stdout.on('data', chunk => {
    printed.out += chunk
  })
  child.stderr.on('data', chunk => {
    printed.errors += chunk
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  return { child, printed, ended }
}

async function startServing(command = process.execPath, args: readonly string[] = headless, env?: NodeJS.ProcessEnv) {
  const program = start(command, args, undefined, env)
  await expect.poll(() => program.printed.out).toContain('\n')
  const address = /http:\S+/.exec(program.printed.out)?.[0] ?? ''
  return { ...program, address }
}

async function ask(address: string, content: string): Promise<string> {
  const body = JSON.stringify({ model: 'hearth-demo', messages: [{ role: 'user', content }], stream: false })
  const response = await fetch(`${address}/api/chat`, { method: 'POST', body })
  return ((await response.json()) as { message: { content: string } }).message.content
}

const processesOfThisHome = (): number[] => processesWith(folder)

describe('npm run serve', () => {
  test.each([
    ['1', true],
    ['0', false],
  ])("with OLLAMA_DEBUG=%s llama.cpp's log is shown: %s", async (OLLAMA_DEBUG, shown) => {
    const { printed, address, child, ended } = await startServing(undefined, undefined, { OLLAMA_DEBUG })
    expect(await ask(address, 'What is the capital of France?')).toContain('Paris')
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(printed.errors.includes('info: llama_model_loader')).toBe(shown)
  })

  test('prints its address in one line and answers there with the demo model', async () => {
    const { printed, address, child, ended } = await startServing()
    expect(printed.out).toMatch(/^Hearth listens on http:\/\/127\.0\.0\.1:\d+\n$/)
    expect(await (await fetch(address)).text()).toBe('Ollama is running')
    expect(await ask(address, 'What is the capital of France?')).toContain('Paris')
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(printed).toEqual({ out: `Hearth listens on ${address}\n`, errors: '' })
  })

  test('names every address at which it answers when the network reaches it', async () => {
    const { printed, child, ended } = start(process.execPath, headless, '0.0.0.0:0')
    await expect.poll(() => printed.out).toContain('\n')
    const port = Number(/:(\d+)/.exec(printed.out)?.[1])
    expect(printed.out).toBe(`Hearth listens on ${serverUrls('0.0.0.0', port).join(' and ')}\n`)
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })

  // Chats that vanish without a word: the terminal says so, and the window that opens later still does.
  test('says that the chats were damaged and where they are, and leaves it to be told by the window', async () => {
    const home = join(folder, 'home')
    mkdirSync(home)
    writeFileSync(join(home, 'conversations.db'), randomBytes(20_000))
    const { printed, child, ended } = await startServing()
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(printed.errors).toMatch(
      /^The file with the chats was damaged; it is kept at \S+set-aside\S+\.db\. Rescued from it: 0 chats, 0 messages\.\n$/,
    )
    let told: Notice[] = []
    new Notices(join(home, 'notices.json')).watch(notices => {
      told = notices
    })
    const path = /kept at (\S+\.db)\./.exec(printed.errors)?.[1]
    expect(told).toMatchObject([{ code: 'database-set-aside', values: { path, conversations: 0, messages: 0 } }])
  })

  // An engine left behind holds gigabytes.
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it with its engines, and with code 0', async signal => {
    const { address, child, ended } = await startServing()
    await ask(address, 'Hello')
    expect(processesOfThisHome()).toHaveLength(2)
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(processesOfThisHome()).toEqual([])
  })

  test('ends in the middle of an answer just the same', async () => {
    const { address, child, ended } = await startServing()
    const endless = { format: endlessAnswer, options: endlessOptions }
    const body = JSON.stringify({ model: 'hearth-demo', prompt: 'Count from 1 to 30', ...endless })
    const response = await fetch(`${address}/api/generate`, { method: 'POST', body })
    await response.body?.getReader().read()
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(processesOfThisHome()).toEqual([])
  })

  // A terminal that was closed, or `| head -1`: what it prints goes nowhere, its clients are still there.
  test.each([
    ['npm run serve', headless],
    ['hearth serve', [join(project, 'out', 'main', 'cli.js'), 'serve']],
  ])('%s goes on when nobody reads what it prints', async (_, args) => {
    const { address, child, ended } = await startServing(undefined, args, { OLLAMA_DEBUG: '1' })
    child.stdout.destroy()
    child.stderr.destroy()
    for (const content of ['What is the capital of France?', 'What is the capital of France?'])
      expect(await ask(address, content)).toContain('Paris')
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })

  test('killed, it leaves no engine behind', async () => {
    const { address, child, ended } = await startServing()
    await ask(address, 'Hello')
    child.kill('SIGKILL')
    await ended
    await expect.poll(processesOfThisHome).toEqual([])
  })

  // The window's way out, the next free port, would hide the server from the very clients it was started for.
  test('on a port that is taken it says so, and fails', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { printed, ended } = start(process.execPath, headless, `127.0.0.1:${port}`)
    expect(await ended).toBe(1)
    expect(printed).toEqual({ out: '', errors: `Error: listen tcp 127.0.0.1:${port}: bind: address already in use\n` })
    await new Promise(resolve => other.close(resolve))
  })

  test('at an address this computer does not have it says so, and fails', async () => {
    const { printed, ended } = start(process.execPath, headless, '192.0.2.1:11434')
    expect(await ended).toBe(1)
    expect(printed.errors).toBe('Error: listen tcp 192.0.2.1:11434: bind: cannot assign requested address\n')
  })

  // npm hands a SIGTERM to its shell alone; a server that goes on keeps the port from the next one.
  test('ends when the shell it was started from is gone', async () => {
    const script = `"${process.execPath}" --import tsx scripts/serve.ts; true`
    const { address, child } = await startServing('sh', ['-c', script])
    await ask(address, 'Hello')
    child.kill('SIGKILL')
    await expect.poll(processesOfThisHome).toEqual([])
  })
})
