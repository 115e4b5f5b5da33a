import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findElectronRuntime } from '../../../scripts/electron-runtime.ts'
import { freePort } from '../../../scripts/free-port.ts'
import { ensureSystemPackages } from '../../../scripts/system-packages.ts'
import { processesWith, signalIfThere } from '../processes.ts'
import { collect, type Ended, programOnScreen, runProgram } from './terminal.ts'

const project = join(import.meta.dirname, '..', '..', '..')

let folder: string
let launcher: string
let env: NodeJS.ProcessEnv
let server: ChildProcess
let serverEnded: Promise<number | null>
let served: ReturnType<typeof collect>

/** The app as a package installs it, of links: Electron under the app's name, with the built app as its resources. */
async function install(place: string): Promise<string> {
  const { executable } = await findElectronRuntime()
  const runtime = dirname(executable)
  const resources = join(place, 'resources')
  mkdirSync(join(resources, 'bin'), { recursive: true })
  for (const name of readdirSync(runtime).filter(name => name !== 'resources' && name !== 'electron'))
    symlinkSync(join(runtime, name), join(place, name))
  // A program finds its resources beside itself, not beside a link to it.
  copyFileSync(executable, join(place, 'hearth-app'), constants.COPYFILE_FICLONE)
  symlinkSync(project, join(resources, 'app'))
  symlinkSync(join(project, 'assets', 'demo-model'), join(resources, 'demo-model'))
  copyFileSync(join(project, 'assets', 'command', 'hearth'), join(resources, 'bin', 'hearth'))
  const onPath = join(place, 'hearth')
  symlinkSync('resources/bin/hearth', onPath)
  return onPath
}

beforeAll(async () => {
  await ensureSystemPackages('window')
  folder = mkdtempSync(join(tmpdir(), 'hearth-app-command-'))
  launcher = await install(join(folder, 'app'))
  env = {
    ...process.env,
    HEARTH_HOME: join(folder, 'home'),
    OLLAMA_MODELS: join(folder, 'models'),
    OLLAMA_HOST: `127.0.0.1:${await freePort()}`,
  }
  delete env.DISPLAY
  delete env.WAYLAND_DISPLAY
  server = spawn(launcher, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  served = collect(server)
  serverEnded = new Promise(resolve => server.once('close', resolve))
  await Promise.race([once(server.stdout as Readable, 'data'), serverEnded])
})

afterAll(() => {
  for (const pid of processesWith(folder)) signalIfThere(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const run = (words: readonly string[], input = ''): Promise<Ended> => runProgram(launcher, words, env, input)

// What Chromium says about a missing display or bus would end up in a script's log, or in the answer.
describe('the command of the packaged app, without a display', () => {
  test('lists and answers, with nothing but the answer', async () => {
    expect((await run(['list'])).out).toMatch(/^NAME .+\nhearth-demo:latest .+\n$/)
    const answer = { code: 0, out: 'The capital of France is Paris.\n', errors: '' }
    expect(await run(['run', 'hearth-demo', '--think=false', 'What is the capital of France?'])).toEqual(answer)
    expect(await run(['run', 'hearth-demo', '--think=false'], 'What is the capital of France?')).toEqual(answer)
  })

  test('tells scripts by its code that something failed', async () => {
    expect(await run(['frobnicate'])).toEqual({
      code: 1,
      out: '',
      errors: 'Error: unknown command "frobnicate" for "hearth"\n',
    })
  })

  // Electron and Chromium have switches of these names.
  test('takes every word for itself', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: 'hearth version is 0.1.0\n', errors: '' })
    expect((await run(['--inspect'])).errors).toBe('Error: unknown flag: --inspect\n')
  })

  test('holds a conversation in a terminal', async () => {
    const chat = programOnScreen([launcher, 'run', 'hearth-demo', '--think=false'], env)
    await chat.type('Send a message', 'What is the capital of France?\r')
    await chat.type('Paris.', '/set parameter num_predict 100000\r')
    await chat.type('Set parameter', 'Count from 1 to 30 and so on\r')
    await chat.type('\n', '\x03')
    await chat.type('Send a message', '\x04')
    expect(await chat.ended).toBe(0)
  })

  test('serves until it is asked to end, and ends with its engines', async () => {
    expect(processesWith(folder).length).toBeGreaterThan(1)
    server.kill('SIGINT')
    expect(await serverEnded).toBe(0)
    expect(served).toEqual({ out: `Hearth listens on http://${env.OLLAMA_HOST}\n`, errors: '' })
    await expect.poll(() => processesWith(folder)).toEqual([])
  })

  test('starts a server where there is none', async () => {
    const { code, out, errors } = await run(['list'])
    expect({ code, errors }).toMatchObject({ code: 0, errors: expect.stringContaining('Starting Hearth') })
    expect(out).toMatch(/^hearth-demo:latest /m)
  })
})
