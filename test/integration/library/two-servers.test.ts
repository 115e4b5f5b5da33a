import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saidAddress } from '../../said-address.ts'
import { linesOf, post } from '../api/server.ts'
import { fixtures } from '../hearth.ts'
import { type DebianRegistry, publish, startRegistry } from '../registry/debian-registry.ts'
import { eachInTemporaryFolder, expectWhole } from './ollama-folder.ts'

const folder = eachInTemporaryFolder()
let registry: DebianRegistry

beforeAll(async () => {
  registry = await startRegistry()
  await publish(registry.host, 'library/tiny', 'latest', [
    ['model', readFileSync(join(fixtures, 'tiny-chat-q8_0.gguf'))],
    ['system', 'Be brief.'],
  ])
})
afterAll(() => registry?.close())

const models = () => join(folder.path, 'models')

/** `hearth serve` on a port of its own, in the folder that both use. */
async function serve(name: string): Promise<{ child: ChildProcess; url: string }> {
  const home = join(folder.path, name)
  const env = { HOME: home, HEARTH_HOME: home, OLLAMA_MODELS: models(), OLLAMA_HOST: '127.0.0.1:0' }
  const child = spawn(process.execPath, ['bin/hearth.js', 'serve'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, url: await saidAddress(child.stdout) }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Pulls, creates, copies and deletes, over and over, until the server is gone. */
async function work(url: string, prefix: string): Promise<void> {
  const tiny = `${registry.host}/library/tiny`
  for (let round = 0; ; round++) {
    const name = `${prefix}${round % 2}`
    try {
      await linesOf(await post(url, '/api/pull', { model: tiny, insecure: true }))
      await linesOf(await post(url, '/api/create', { model: name, from: tiny, system: `${prefix} ${round}` }))
      await (await post(url, '/api/copy', { source: name, destination: 'both' })).text()
      await (await fetch(`${url}/api/delete`, { method: 'DELETE', body: JSON.stringify({ model: tiny }) })).text()
    } catch (error) {
      // A connection that the killed server let go of.
      if (error instanceof TypeError || error instanceof SyntaxError) return
      throw error
    }
  }
}

test('two servers in one folder, one killed at any moment, lose and spoil nothing', async () => {
  const first = await serve('first')
  const surviving = work(first.url, 'a')
  for (const moment of [40, 150, 310, 620]) {
    const { child, url } = await serve('second')
    const killed = work(url, 'b')
    await new Promise(resolve => setTimeout(resolve, moment))
    await end(child, 'SIGKILL')
    await killed
  }
  await end(first.child, 'SIGTERM')
  await surviving
  expect(existsSync(join(models(), 'manifests', 'registry.ollama.ai', 'library', 'both', 'latest'))).toBe(true)
  expectWhole(models())
  // What the dead left hinders nobody: all of it works again at once.
  const { child, url } = await serve('third')
  const pulled = await linesOf(await post(url, '/api/pull', { model: `${registry.host}/library/tiny`, insecure: true }))
  expect(pulled.at(-1)).toEqual({ status: 'success' })
  await end(child, 'SIGTERM')
  expectWhole(models())
  expect(readdirSync(join(models(), 'blobs')).filter(name => /-(partial|lock)/.test(name))).toEqual([])
})
