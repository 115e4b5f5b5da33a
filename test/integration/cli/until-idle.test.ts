import { mkdtempSync, rmSync } from 'node:fs'
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
