import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processesWith, signalIfThere } from '../processes.ts'
import { hearthProcess } from './terminal.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-until-idle-'))
})

afterAll(() => {
  for (const pid of processesWith(folder)) signalIfThere(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

// A server nobody sees any more would hold the port and the memory for ever.
test('a server that nobody needs ends by itself, in order', async () => {
  const env = { OLLAMA_HOST: '127.0.0.1:0', HEARTH_HOME: folder, OLLAMA_MODELS: join(folder, 'models') }
  const { code, out, errors } = await hearthProcess(['serve', '--until-idle=200ms'], env)
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(out).toMatch(/^Hearth listens on \S+\n$/)
  expect(processesWith(folder)).toEqual([])
})

// An app that starts meanwhile takes another port, and comes back to this one when it is free.
test('a server for a command tells the app which port it has, and takes that back when it ends', async () => {
  const home = join(folder, 'told')
  const env = { OLLAMA_HOST: '127.0.0.1:0', HEARTH_HOME: home, OLLAMA_MODELS: join(folder, 'models') }
  const files = () => (existsSync(home) ? readdirSync(home).filter(name => name.startsWith('background-server-')) : [])
  const ended = hearthProcess(['serve', '--until-idle=10m'], env)
  await expect.poll(files).toEqual([expect.stringMatching(/^background-server-\d+\.pid$/)])
  const [name = ''] = files()
  process.kill(Number(readFileSync(join(home, name), 'utf8')), 'SIGTERM')
  const { code, out } = await ended
  expect({ code, name }).toEqual({ code: 0, name: `background-server-${/:(\d+)\n$/.exec(out)?.[1]}.pid` })
  expect(files()).toEqual([])
})
