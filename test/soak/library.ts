import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { command, type Ended, hearth } from '../integration/cli/terminal.ts'
import { fixtures } from '../integration/hearth.ts'
import { startRegistry } from '../integration/registry/debian-registry.ts'
import { saidAddress } from '../said-address.ts'
import { randomFrom } from '../unit/api/random-bodies.ts'

/*
 * `npm run soak:library -- [--rounds 50] [--only pull,push] [--seed N]`: a server that is killed (kill -9) at a random
 * moment of each kind of work on models, and started again. Then every model must be listed and shown, one must answer,
 * and a second try must succeed. Ends with an error at the first that does not.
 */

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, only: { type: 'string' }, seed: { type: 'string' } },
})
const rounds = Number(values.rounds ?? 50)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const random = randomFrom(seed)

const folder = mkdtempSync(join(tmpdir(), 'hearth-soak-'))
const models = join(folder, 'models')
const registry = await startRegistry()
const env: NodeJS.ProcessEnv = { HEARTH_HOME: join(folder, 'home'), HOME: folder, OLLAMA_MODELS: models }
const remote = (round: number) => `http://${registry.host}/soak/m:r${round}`

/** One kind of work: what comes before it, itself, and a model that is there after it. */
interface Work {
  readonly prepare?: (round: number) => Promise<unknown>
  readonly words: (round: number) => string[]
  /** Undefined where it leaves nothing to ask. */
  readonly leaves?: (round: number) => string
}

const modelfile = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, `${text}\nPARAMETER temperature 0`)
  return path
}
const made = (name: string, base: string): string[] => ['create', name, '-f', modelfile(name, `FROM ${base}`)]
const gguf = join(fixtures, 'tiny-chat-q8_0.gguf')
const works: Readonly<Record<string, Work>> = {
  gguf: {
    prepare: () => forget('gguf'),
    words: () => made('gguf', join(fixtures, 'tiny-chat-f16.gguf')),
    leaves: () => 'gguf',
  },
  safetensors: {
    prepare: () => forget('tensors'),
    words: () => [...made('tensors', join(fixtures, 'tiny-chat-hf')), '-q', 'Q4_K_M'],
  },
  push: {
    prepare: round => good(['cp', 'base', remote(round)]),
    words: round => ['push', remote(round), '--insecure'],
    leaves: round => remote(round),
  },
  pull: {
    prepare: () => forget(remote(0)),
    words: () => ['pull', remote(0), '--insecure'],
    leaves: () => remote(0),
  },
  copy: { words: round => ['cp', 'base', `copy-${round % 3}`], leaves: round => `copy-${round % 3}` },
  delete: {
    prepare: () => good(made('gone', join(fixtures, 'tiny-embed.gguf'))),
    words: () => ['rm', 'gone'],
  },
}

let server: { readonly process: ReturnType<typeof spawn>; readonly ended: Promise<unknown> }
let log = ''

async function start(): Promise<void> {
  const child = spawn(process.execPath, [command, 'serve'], {
    env: { ...process.env, ...env, OLLAMA_HOST: '127.0.0.1:0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  server = { process: child, ended: once(child, 'exit') }
  env.OLLAMA_HOST = await saidAddress(child.stdout).catch(error => {
    throw new Error(`the server did not start: ${error.message}${log}`)
  })
}

async function kill(): Promise<void> {
  server.process.kill('SIGKILL')
  await server.ended
}

async function good(words: string[]): Promise<Ended> {
  const ended = await hearth(words, env)
  if (ended.code !== 0) throw new Error(`hearth ${words.join(' ')}: ${JSON.stringify(ended)}\n${log}`)
  return ended
}

async function forget(model: string): Promise<void> {
  const ended = await hearth(['rm', model], env)
  if (ended.code !== 0 && !/not found/.test(ended.errors)) throw new Error(`rm ${model}: ${ended.errors}`)
}

async function answers(model: string): Promise<void> {
  const { out } = await good(['run', model, '--think=false', 'What is the capital of France?'])
  if (!out.includes('Paris')) throw new Error(`${model} answered ${JSON.stringify(out)}`)
}

/** Every model there is can be shown, and one answers. @returns their number */
async function sound(): Promise<number> {
  const { out } = await good(['list'])
  const names = out
    .split('\n')
    .slice(1, -1)
    .map(line => line.split(/\s/)[0]!)
  if (!names.includes('base:latest')) throw new Error(`base is gone: ${out}`)
  for (const name of names) await good(['show', name])
  await answers('base')
  return names.length
}

/** What crashes left long ago, which the next start clears away. */
function leaveRemains(): void {
  const old = Date.now() / 1000 - 9 * 24 * 3600
  for (let index = 0; index < 40; index++) {
    const hex = String(index).padStart(64, 'a')
    const tag = join(models, 'manifests', 'remains', `n${index}`, 'm')
    mkdirSync(tag, { recursive: true })
    for (const name of [`sha256-${hex}`, `sha256-${hex}-partial`, `sha256-${index}remains`]) {
      writeFileSync(join(models, 'blobs', name), 'x')
      utimesSync(join(models, 'blobs', name), old, old)
    }
  }
  for (const name of readdirSync(join(models, 'blobs'))) utimesSync(join(models, 'blobs', name), old, old)
}

/** @returns milliseconds that a work takes when nobody disturbs it */
async function timed(work: Work | undefined): Promise<number> {
  await work?.prepare?.(-1)
  if (!work) await kill()
  const began = performance.now()
  if (work) await good(work.words(-1))
  else await start()
  return performance.now() - began
}

/** Kills the server somewhere in the middle of a work. */
async function interrupted({ prepare, words, leaves }: Work, round: number, usual: number): Promise<boolean> {
  await prepare?.(round)
  const working = hearth(words(round), env)
  await pause(random() * usual * 1.1)
  await kill()
  const { code } = await working
  await start()
  await sound()
  const again = words(round)
  // What was deleted before the kill is gone.
  const { code: second, errors } = await hearth(again, env)
  if (second !== 0 && !(again[0] === 'rm' && /not found/.test(errors))) {
    throw new Error(`the second ${again.join(' ')}: ${errors}\n${log}`)
  }
  if (leaves) await answers(leaves(round))
  return code !== 0
}

async function interruptedPrune(usual: number): Promise<void> {
  await kill()
  leaveRemains()
  const starting = start().catch(() => {})
  await pause(random() * usual)
  server.process.kill('SIGKILL')
  await starting
  await server.ended
  await start()
  await sound()
}

process.stdout.write(`seed ${seed}\n`)
const wanted = values.only?.split(',') ?? [...Object.keys(works), 'prune']
try {
  await start()
  await good(made('base', gguf))
  await good(['cp', 'base', remote(0)])
  await good(['push', remote(0), '--insecure'])
  for (const name of wanted) {
    const work = works[name]
    if (!work && name !== 'prune') throw new Error(`no such work: ${name}`)
    // The first time is slower than those that follow.
    await timed(work)
    const usual = await timed(work)
    let hit = 0
    for (let round = 1; round <= rounds; round++) {
      if (!work) await interruptedPrune(usual)
      else if (await interrupted(work, round, usual)) hit++
    }
    process.stdout.write(
      `${name}: ${rounds} kills${work ? `, ${hit} of them in its middle` : ''}; takes ${Math.round(usual)} ms\n`,
    )
  }
} finally {
  await kill()
  await registry.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
