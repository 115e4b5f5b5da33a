import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../scripts/free-port.ts'
import { startServer, type TestServer } from '../api/server.ts'
import { processesWith, signalIfThere } from '../processes.ts'
import { command, hearth, hearthOnScreen, hearthProcess, type OnScreen } from './terminal.ts'

let server: TestServer
let folder: string
let env: NodeJS.ProcessEnv
const screens: OnScreen[] = []

beforeAll(async () => {
  server = await startServer()
  folder = mkdtempSync(join(tmpdir(), 'hearth-screen-'))
  env = { OLLAMA_HOST: server.url, HEARTH_HOME: join(folder, 'home') }
})

afterAll(async () => {
  for (const screen of screens) screen.kill()
  await server.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

function onScreen(words: readonly string[], columns?: number, more: NodeJS.ProcessEnv = {}): OnScreen {
  const screen = hearthOnScreen(words, { ...env, ...more }, columns)
  screens.push(screen)
  return screen
}

const prompt = 'Send a message (/? for help)'

describe('a conversation on a screen', () => {
  test('remembers what was said, obeys commands, and is found again by /save', async () => {
    const chat = onScreen(['run', 'hearth-demo', '--think=false'])
    await chat.type(prompt, 'What is the capital of France?\r')
    await chat.type(prompt, '/set parameter temperature 0\r')
    await chat.type("Set parameter 'temperature' to '0'", '/set parameter frobs 1\r')
    await chat.type("Error: couldn't set parameter: unknown parameter 'frobs'", '/set system """You are\r')
    await chat.type('... ', 'Tiny."""\r')
    await chat.type('Set system message.', '/save kept\r')
    await chat.type("Created new model 'kept'", '/nonsense\r')
    await chat.type("Unknown command '/nonsense'", '/load nosuch\r')
    await chat.type("Error: model 'nosuch:latest' not found", '/bye\r')
    expect(await chat.ended).toBe(0)
    expect(chat.screen()).toContain('The capital of France is Paris.')
    const { out } = await hearth(['show', '--modelfile', 'kept'], env)
    expect(out).toContain('SYSTEM "You are\nTiny."\n')
    expect(out).toContain(
      'MESSAGE user What is the capital of France?\nMESSAGE assistant The capital of France is Paris.\n',
    )
  })

  // Ctrl-C in the middle of an answer must stop the answer, not the conversation; the server must stop, too.
  test('Ctrl-C stops an answer, Ctrl-D leaves, and what was typed is known the next time', async () => {
    const chat = onScreen(['run', 'hearth-demo', '--think=false'])
    await chat.type(prompt, '/set parameter num_predict 100000\r')
    await chat.type('Set parameter', 'Count from 1 to 30 and so on\r')
    await chat.type('\n', '\x03')
    await chat.type(prompt, 'abc\x03')
    await chat.type('>>> ', '\x03')
    await chat.type('(Ctrl-D or /bye leaves)', '\x04')
    expect(await chat.ended).toBe(0)
    expect(readFileSync(join(folder, 'home', 'prompt-history'), 'utf8')).toContain('Count from 1 to 30 and so on\n')
    const next = onScreen(['run', 'hearth-demo'])
    await next.type(prompt, '\x1b[A')
    await next.type('Count from 1 to 30 and so on', '\x15\x04')
    expect(await next.ended).toBe(0)
  })

  // The newlines of a pasted text would each send what stands before them.
  test('Ctrl-G has the message written in an editor, of several lines too, and Enter sends it', async () => {
    const seen = join(folder, 'seen')
    const editor = join(folder, 'an editor.sh')
    const script = [
      '#!/bin/sh',
      `{ ls -l "$1" | cut -c 1-10; cat "$1"; } > '${seen}'`,
      `printf 'What is the capital\\nof France?\\n' > "$1"`,
    ]
    writeFileSync(editor, `${script.join('\n')}\n`, { mode: 0o755 })
    const chat = onScreen(['run', 'hearth-demo', '--think=false'], undefined, { OLLAMA_EDITOR: `'${editor}'` })
    await chat.type(prompt, 'begun\x07')
    await chat.type('>>> of France?', '\r')
    await chat.type(prompt, '/bye\r')
    expect(await chat.ended).toBe(0)
    expect(readFileSync(seen, 'utf8')).toBe('-rw-------\nbegun')
    expect(chat.screen()).toContain('The capital of France is Paris.')
  })

  test('a pasted text is one message', async () => {
    const chat = onScreen(['run', 'hearth-demo', '--think=false'])
    await chat.type(prompt, '\x1b[200~/set system one\ntwo\x1b[201~\r')
    await chat.type('Set system message.', '/show system\r')
    await chat.type('one\r\ntwo', '\x04')
    expect(await chat.ended).toBe(0)
  })
})

describe('the screen', () => {
  test.each([20, 80])('of %d columns shows an answer broken between words', async columns => {
    const answer = onScreen(['run', 'hearth-demo', '--think=false', 'What is the capital of France?'], columns)
    expect(await answer.ended).toBe(0)
    const text = answer.screen().replace(/.\x1b\[\d+D\x1b\[K/g, '')
    const shown = text.replace(/\r/g, '').trim()
    expect(shown.replace(/\s+/g, ' ')).toContain('capital of')
    if (columns === 80) expect(shown).toBe('The capital of France is Paris.')
  })

  test('a pipe gets no control characters', async () => {
    for (const words of [['list'], ['show', 'hearth-demo'], ['run', 'hearth-demo', 'Hello'], ['--help']]) {
      const { out, errors } = await hearth(words, env)
      expect(out + errors).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/)
    }
  })
})

describe('ends in order', () => {
  // `hearth list | head -1`: nobody is left to read, and that is no error to print.
  test('when nobody reads any more', async () => {
    const line = `"${process.execPath}" "${command}" run hearth-demo Count from 1 to 30 | head -c 1; exit 0`
    const child = spawn('sh', ['-c', line], { env: { ...process.env, ...env } })
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.stdin.end()
    await new Promise(resolve => child.once('close', resolve))
    expect(errors).toBe('')
  })

  // A script must not take half an answer for a whole one.
  test('when the server dies in the middle of an answer: with an error', async () => {
    const dying = createHttpServer((request, response) => {
      request.resume()
      if (request.url !== '/api/generate') response.end('{}')
      else response.write('{"response":"Once"}\n', () => setImmediate(() => response.destroy()))
    })
    await new Promise<void>(resolve => dying.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(dying.address() as AddressInfo).port}`
    const ended = await hearth(['run', 'm', 'Tell me'], { ...env, OLLAMA_HOST: host })
    expect(ended).toEqual({
      code: 1,
      out: 'Once\n',
      errors: `Error: the server at http://${host} ended in the middle of its answer\n`,
    })
    await new Promise(resolve => dying.close(resolve))
  })
})

describe('without a server', () => {
  test('one is started, twice at once only one, and the next command finds it', async () => {
    const own = {
      OLLAMA_HOST: `127.0.0.1:${await freePort()}`,
      HEARTH_HOME: join(folder, 'own'),
      OLLAMA_MODELS: join(folder, 'own-models'),
    }
    try {
      const [first, second] = await Promise.all([hearthProcess(['list'], own), hearthProcess(['list'], own)])
      expect([first.code, second.code]).toEqual([0, 0])
      expect(first.out).toMatch(/^hearth-demo:latest /m)
      // By whichever of them was quicker, or by both.
      expect(first.errors + second.errors).toContain('Starting Hearth in the background')
      expect(await hearth(['run', 'hearth-demo', '--think=false', 'Hello'], own)).toMatchObject({ code: 0, errors: '' })
      expect(readFileSync(join(folder, 'own', 'logs', 'serve.log'), 'utf8')).toContain(own.OLLAMA_HOST)
    } finally {
      for (const pid of processesWith(own.HEARTH_HOME)) signalIfThere(pid, 'SIGTERM')
    }
    await expect.poll(() => processesWith(own.HEARTH_HOME)).toEqual([])
  })

  test('of another computer it says that it could not connect', async () => {
    const { code, errors } = await hearth(['list'], { ...env, OLLAMA_HOST: 'nowhere.invalid:1' })
    expect(code).toBe(1)
    expect(errors).toMatch(/^Error: could not connect to http:\/\/nowhere\.invalid:1: .+\n$/)
  })
})
