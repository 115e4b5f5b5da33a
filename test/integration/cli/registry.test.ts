import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../api/server.ts'
import { type DebianRegistry, startRegistry } from '../registry/debian-registry.ts'
import { hearth, hearthOnScreen } from './terminal.ts'

let registry: DebianRegistry
let server: TestServer
let folder: string
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  ;[registry, server] = await Promise.all([startRegistry(), startServer()])
  folder = mkdtempSync(join(tmpdir(), 'hearth-cli-registry-'))
  env = { OLLAMA_HOST: server.url, HEARTH_HOME: folder }
})

afterAll(async () => {
  await server?.close()
  await registry?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a model is pushed, removed, and fetched again by the first who runs it', async () => {
  const model = `http://${registry.host}/person/tiny`
  await hearth(['cp', 'hearth-demo', model], env)
  const pushed = await hearth(['push', '--insecure', model], env)
  expect(pushed, pushed.errors).toMatchObject({ code: 0, out: '' })
  expect(pushed.errors).toMatch(/^retrieving manifest\n(pushing [0-9a-f]{12}: 100% .+\n)+pushing manifest\nsuccess\n$/)

  await hearth(['rm', model], env)
  const ran = await hearth(['run', '--insecure', '--think=false', model, 'What is the capital of France?'], env)
  expect(ran.errors).toMatch(
    /^pulling manifest\n(pulling [0-9a-f]{12}: 100% .+\n)+verifying sha256 digest\nwriting manifest\nsuccess\n$/,
  )
  expect(ran).toMatchObject({ code: 0, out: 'The capital of France is Paris.\n' })
})

test('a pull shows bars on a screen, and gives the cursor back', async () => {
  const model = `http://${registry.host}/person/tiny`
  await hearth(['cp', 'hearth-demo', model], env)
  await hearth(['push', '--insecure', model], env)
  const pull = hearthOnScreen(['pull', '--insecure', model], env, 90)
  expect(await pull.ended).toBe(0)
  expect(pull.screen()).toMatch(/pulling [0-9a-f]{12}: 100% ▕█+▏ 3\.0 MB/)
  expect(pull.screen().lastIndexOf('\x1b[?25h')).toBeGreaterThan(pull.screen().lastIndexOf('\x1b[?25l'))
})

test('what the registry lacks is told in one line, after what led to it', async () => {
  const { code, out, errors } = await hearth(['pull', '--insecure', `http://${registry.host}/person/none`], env)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(errors).toBe('pulling manifest\nError: pull model manifest: file does not exist\n')
})
