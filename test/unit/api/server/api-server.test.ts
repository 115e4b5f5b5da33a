import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ApiServer } from '../../../../main/api/server/api-server.ts'
import { RequestLog } from '../../../../main/api/server/request-log.ts'
import { Notices } from '../../../../main/settings/notices.ts'
import { SettingsStore } from '../../../../main/settings/settings-store.ts'
import type { LoggedRequest, ServerState } from '../../../../preload/contract.ts'

let home: string
let settings: SettingsStore
let server: ApiServer
let troubles: unknown[]
let others: Server[]
/** Ends the answer of /slow. */
let finish: () => void

const api = {
  fetch: async (request: Request) => {
    if (new URL(request.url).pathname !== '/slow') return new Response('Ollama is running')
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        controller.enqueue(Buffer.from('first '))
        finish = () => {
          controller.enqueue(Buffer.from('last'))
          controller.close()
        }
      },
    })
    return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } })
  },
}

const apiServer = (notices = new Notices(), port = 0) =>
  new ApiServer({
    api,
    settings,
    notices,
    home,
    origins: '',
    onTrouble: (error: unknown) => troubles.push(error),
    host: { host: '127.0.0.1', port },
  })

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'hearth-server-'))
  settings = new SettingsStore({ home, notices: new Notices() })
  troubles = []
  others = []
  server = apiServer()
  await server.start()
})

afterEach(async () => {
  await server.close()
  for (const other of others) await new Promise(resolve => other.close(resolve))
  rmSync(home, { recursive: true })
})

const address = () => server.state().addresses[0] ?? ''
const says = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers }).catch(() => undefined)
  return response?.ok ? response.text() : response?.status
}

/** A port that is free at the moment, or another program's. */
async function port(taken: boolean): Promise<number> {
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  if (taken) others.push(other)
  else await new Promise(resolve => other.close(resolve))
  return port
}

describe('the server', () => {
  test('moves to another port at once, and comes back there after a restart', async () => {
    const before = address()
    const next = await port(false)
    await server.change({ apiPort: next })
    expect(await says(address())).toBe('Ollama is running')
    expect(new URL(address()).port).toBe(String(next))
    expect(await says(before)).toBeUndefined()
    await server.close()
    server = apiServer()
    await server.start()
    expect(new URL(address()).port).toBe(String(next))
  })

  test('stays where it is when the port it is to take belongs to somebody', async () => {
    const before = address()
    const taken = await port(true)
    await expect(server.change({ apiPort: taken })).rejects.toMatchObject({ code: 'port-taken' })
    expect(await says(before)).toBe('Ollama is running')
    expect(settings.get().apiPort).toBeNull()
    expect(server.state()).toMatchObject({ on: true, addresses: [before] })
  })

  // Moved or switched off in the middle of an answer, it would leave a half sentence in somebody's program.
  test.each([
    ['moved', async () => server.change({ apiPort: await port(false) })],
    ['opened to the network', () => server.change({ apiReach: 'network' })],
    ['switched off', () => server.change({ apiOn: false })],
  ])('an answer on its way comes to its end while it is %s', async (_, change) => {
    const response = await fetch(`${address()}/slow`)
    const before = address()
    await change()
    finish()
    expect(await response.text()).toBe('first last')
    if (!server.state().on) expect(await says(before)).toBeUndefined()
  })

  test('opens to the network and closes again, at the same port', async () => {
    const { port } = new URL(address())
    await server.change({ apiReach: 'network' })
    expect(server.state()).toMatchObject({ reach: 'network', port: Number(port) })
    for (const each of server.state().addresses) expect(await says(each)).toBe('Ollama is running')
    await server.change({ apiReach: 'computer' })
    expect(server.state()).toMatchObject({ reach: 'computer', addresses: [`http://127.0.0.1:${port}`] })
  })

  test('lets a page call once its origin is allowed, and refuses what is none', async () => {
    const from = { origin: 'https://chat.example' }
    expect(await says(address(), from)).toBe(403)
    const before = address()
    await server.change({ apiOrigins: ['https://chat.example'] })
    expect(address()).toBe(before)
    expect(await says(address(), from)).toBe('Ollama is running')
    await expect(server.change({ apiOrigins: ['chat.example'] })).rejects.toMatchObject({ code: 'bad-origin' })
    expect(await says(address(), from)).toBe('Ollama is running')
  })

  test('off stays off at the next start, and on finds its port again', async () => {
    await server.change({ apiOn: false })
    expect(server.state()).toMatchObject({ on: false, addresses: [] })
    await server.close()
    server = apiServer()
    await server.start()
    expect(address()).toBe('')
    await server.change({ apiOn: true })
    expect(await says(address())).toBe('Ollama is running')
    expect(troubles).toEqual([])
  })

  test('two changes at once both hold', async () => {
    const next = await port(false)
    await Promise.all([server.change({ apiReach: 'network' }), server.change({ apiPort: next })])
    expect(server.state()).toMatchObject({ reach: 'network', port: next })
    expect(await says(address())).toBe('Ollama is running')
  })

  test('tells its state when it changes', async () => {
    const states: ServerState[] = []
    const end = server.watch(state => states.push(state))
    await server.change({ apiOn: false })
    end()
    await server.change({ apiOn: true })
    expect(states.map(({ on }) => on)).toEqual([true, false])
  })

  test('writes down what was asked over HTTP', async () => {
    let seen: LoggedRequest[] = []
    server.log.watch(({ type, requests }) => {
      seen = type === 'all' ? requests : [...seen, ...requests]
    })
    await says(`${address()}/api/tags?a=1`)
    await expect.poll(() => seen).toMatchObject([{ id: 1, method: 'GET', url: '/api/tags?a=1', status: 200 }])
    server.log.clear()
    expect(seen).toEqual([])
  })
})

// A program that asks a thousand times a second would otherwise send a thousand events a second to the window.
describe('an app whose port somebody has', () => {
  const holding = `
    const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port))
    process.stdin.on('end', () => process.exit()).resume()`

  /** A process of its own that has a port until it is told to go. */
  async function holder() {
    const other = spawn(process.execPath, ['-e', holding], { stdio: ['pipe', 'pipe', 'inherit'] })
    const [line] = (await once(other.stdout, 'data')) as [Buffer]
    const leave = async () => {
      other.stdin.end()
      if (other.exitCode === null) await once(other, 'exit')
    }
    return { port: Number(line), pid: other.pid!, leave }
  }

  /** An app that starts beside it, and the notices it gives. */
  async function started(port: number) {
    const notices = new Notices()
    const told: string[] = []
    notices.watch(all => told.splice(0, told.length, ...all.map(({ code }) => code)))
    const app = apiServer(notices, port)
    await app.start()
    return { app, told }
  }

  // Programs found nothing at the usual address from a minute after the terminal's last command until the app's next start.
  test('follows the server of a command there, and says nothing', async () => {
    const other = await holder()
    writeFileSync(join(home, `background-server-${other.port}.pid`), `${other.pid}\n`)
    const { app, told } = await started(other.port)
    try {
      const [before = ''] = app.state().addresses
      expect(app.state().port).not.toBe(other.port)
      expect(await says(before)).toBe('Ollama is running')
      await other.leave()
      await expect.poll(() => app.state().port).toBe(other.port)
      expect(await says(app.state().addresses[0] ?? '')).toBe('Ollama is running')
      expect(await says(before)).toBeUndefined()
      expect(told).toEqual([])
    } finally {
      await other.leave()
      await app.close()
    }
  })

  test('does not take the port of another program behind its back, and says where it is', async () => {
    const other = await holder()
    // Of a server that was killed: its number belongs to nobody, or to a process that ended.
    writeFileSync(join(home, `background-server-${other.port}.pid`), `${2 ** 22 + 1}\n`)
    const { app, told } = await started(other.port)
    try {
      expect(app.state().port).not.toBe(other.port)
      expect(told).toEqual(['port-taken'])
    } finally {
      await other.leave()
      await app.close()
    }
  })
})

test('the log tells a burst in few events, and keeps the last thousand', async () => {
  const log = new RequestLog()
  const events: number[] = []
  const end = log.watch(({ requests }) => events.push(requests.length))
  const entry = { method: 'GET', url: `/${'x'.repeat(5000)}`, status: 200, milliseconds: 1, remoteAddress: '::1' }
  for (let each = 0; each < 5000; each += 1) log.add(entry)
  await expect.poll(() => events.length).toBe(2)
  expect(events).toEqual([0, 1000])
  end()
  let kept: LoggedRequest[] = []
  log.watch(({ requests }) => {
    kept = requests
  })()
  expect(kept).toHaveLength(1000)
  expect(kept.at(-1)?.id).toBe(5000)
  expect(kept[0]?.url).toHaveLength(300)
})
