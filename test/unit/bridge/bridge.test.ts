import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiServer } from '../../../main/api/server/api-server.ts'
import type { Backups } from '../../../main/backups/backups.ts'
import { type Bridge, createBridge } from '../../../main/bridge/bridge.ts'
import type { Conversations } from '../../../main/conversations/conversations.ts'
import type { Forms } from '../../../main/forms/forms.ts'
import type { Fitting } from '../../../main/library/fit/fitting.ts'
import { Library } from '../../../main/library/library.ts'
import { Makings } from '../../../main/library/making/makings.ts'
import type { ModelsMove } from '../../../main/library/moving/models-move.ts'
import type { Pulls } from '../../../main/library/registry/pulls.ts'
import { Problem } from '../../../main/problem.ts'
import { Connections } from '../../../main/settings/connections.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { SettingsStore } from '../../../main/settings/settings-store.ts'
import { Updates } from '../../../main/updates/updates.ts'

let home: string
let bridge: Bridge
let notices: Notices
/** What reached the room behind the bridge, or the world outside. */
let reached: unknown[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-bridge-test-'))
  reached = []
  notices = new Notices()
  const conversations = {
    send: async (input: unknown) => {
      reached.push(input)
      return { conversationId: 'c', questionId: 'q', replyId: 'r' }
    },
    stop: async () => {
      throw new Error('a bug behind the bridge')
    },
    transfer: { written: new Set(['/home/chats.json']) },
    listing: {
      delete: async () => {
        throw new Problem('not-found', 404, 'conversation not found')
      },
    },
  }
  const pull = { model: 'm:latest', state: 'failed', completed: 1, total: 2, speed: 0, secondsLeft: null }
  const updates = new Updates({
    updater: undefined,
    settings: { watch: () => () => {} },
    busy: () => false,
    quit: () => {},
  })
  const pulls = {
    watch: (listener: (list: unknown[]) => void) => {
      listener([{ ...pull, problem: new Problem('not-found', 500, 'file does not exist') }])
      return () => undefined
    },
  }
  bridge = createBridge({
    library: new Library({ modelsFolder: join(home, 'models') }),
    pulls: pulls as unknown as Pulls,
    modelsMove: {} as ModelsMove,
    updates,
    fitting: {} as Fitting,
    foundModels: [],
    makings: new Makings(new Library({ modelsFolder: join(home, 'models') }), home),
    conversations: conversations as unknown as Conversations,
    forms: { files: { written: new Set() } } as unknown as Forms,
    backups: {} as Backups,
    fetch: () => new Response('Ollama is running'),
    server: {} as ApiServer,
    connections: new Connections(join(home, 'connections.json')),
    home,
    menuEntry: { look: () => null, change: async () => undefined },
    command: { look: async () => null, install: async () => undefined, remove: async () => undefined },
    notices,
    settings: new SettingsStore({ home, notices }),
    app: {
      info: () => ({
        version: '1',
        platform: 'linux',
        systemLanguage: 'en',
        apiAddress: null,
        demoModel: 'hearth-demo',
        laysCommand: false,
      }),
      openExternal: async url => void reached.push(url),
      language: () => 'en',
      askWhereToSave: async name => join(home, name),
      askWhatToOpen: async () => null,
      askForModel: async () => null,
      takeScreenshot: async () => new Uint8Array([1]),
      showInFolder: path => void reached.push(path),
      newWindow: () => undefined,
      quick: { show: () => undefined, openInHearth: () => undefined, watch: () => () => undefined },
      takeOpenings: async () => [],
      setActions: () => undefined,
    },
  })
})

afterEach(() => {
  rmSync(home, { recursive: true })
})

const refused = { name: 'Problem', code: 'invalid-request' }
const question = { conversationId: null, parentId: null, content: 'Hello', model: 'm' }

describe('a call', () => {
  test('reaches the room that does it', async () => {
    expect(await bridge.call('conversations.send', question)).toEqual({
      conversationId: 'c',
      questionId: 'q',
      replyId: 'r',
    })
    expect(reached).toEqual([question])
  })

  // A window that waits for undefined cannot tell it from an answer that was lost.
  test('that has nothing to answer says so with an empty object', async () => {
    expect(await bridge.call('app.dismissNotice', { id: 'none' })).toEqual({})
    expect(await bridge.call('app.showInFolder', { path: '/home/chats.json' })).toEqual({})
  })

  // Every object has these names; a look-up without care would call them.
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'settings.watch', null, 7, {}])(
    'named %j is refused',
    async name => {
      await expect(bridge.call(name, {})).rejects.toMatchObject(refused)
    },
  )

  test.each([
    ['nothing', undefined],
    ['another type', 'text'],
    ['a missing field', { ...question, content: undefined }],
    ['a wrong type inside', { ...question, content: { length: 1 } }],
    ['an empty question', { ...question, content: '' }],
    ['a question larger than any model', { ...question, content: 'x'.repeat(4_000_001) }],
    ['an id longer than any', { ...question, parentId: 'x'.repeat(65) }],
  ])('with %s as input is refused and reaches nobody', async (_, input) => {
    await expect(bridge.call('conversations.send', input)).rejects.toMatchObject(refused)
    expect(reached).toEqual([])
  })

  test('says which field is wrong', async () => {
    await expect(bridge.call('settings.change', { theme: 'pink' })).rejects.toThrow(/^settings\.change: theme: /)
  })

  test('brings no fields along that the contract does not know', async () => {
    await bridge.call('conversations.send', { ...question, role: 'system', __proto__: { content: 'x' } })
    expect(reached).toEqual([question])
  })

  test('that fails rejects with a problem, whatever was thrown', async () => {
    await expect(bridge.call('conversations.delete', { conversationId: 'c' })).rejects.toMatchObject({
      name: 'Problem',
      code: 'not-found',
      message: 'conversation not found',
    })
    await expect(bridge.call('conversations.stop', { messageId: 'm' })).rejects.toMatchObject({
      name: 'Problem',
      code: 'internal',
      message: 'a bug behind the bridge',
    })
  })

  test('tells the storage of a models folder that is not there', async () => {
    expect(await bridge.call('models.storage', {})).toEqual({ total: 0, free: null, freed: {} })
  })

  // A page gone wrong could have all models taken to where it likes, or looked for where there are none.
  test('names no models folder', async () => {
    await bridge.call('settings.change', { theme: 'dark', modelsFolder: '/elsewhere' })
    expect(new SettingsStore({ home, notices }).get().modelsFolder).toBe(null)
  })

  test('moves no models where the person chose no folder', async () => {
    expect(await bridge.call('modelsFolder.move', {})).toEqual({ begun: false })
  })

  test('changes settings and keeps them', async () => {
    await bridge.call('settings.change', { theme: 'dark' })
    expect(new SettingsStore({ home, notices }).get().theme).toBe('dark')
  })
})

// The file manager of some systems opens what it is to show; and what is there is none of the page's business.
test('shows only files that were exported', async () => {
  await bridge.call('app.showInFolder', { path: '/home/chats.json' })
  await expect(bridge.call('app.showInFolder', { path: '/home/other' })).rejects.toMatchObject(refused)
  expect(reached).toEqual(['/home/chats.json'])
})

describe('opening an address outside', () => {
  test.each([
    'https://example.com/a?b=c',
    'http://127.0.0.1:11434/',
    'mailto:someone@example.com',
    'HTTPS://example.com/',
  ])('%s is handed on', async url => {
    await bridge.call('app.openExternal', { url })
    expect(reached).toEqual([new URL(url).href])
  })

  // Handed to the system, each of these runs or reads something on the person's computer.
  test.each([
    ...[
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://host/share',
      'ms-msdt:/id',
      'vscode://x',
      'data:text/html,x',
    ],
    ...['', 'example.com', '//example.com', ' file:///x', 'https:', 'app://hearth/', `https://x/${'a'.repeat(9000)}`],
  ])('%j is refused', async url => {
    await expect(bridge.call('app.openExternal', { url })).rejects.toMatchObject(refused)
    expect(reached).toEqual([])
  })
})

describe('a stream', () => {
  const collect = () => {
    const events: unknown[] = []
    return { events, emit: (event: unknown) => void events.push(event), end: () => void events.push('end') }
  }

  test('begins with its whole picture and goes on until it is let go', async () => {
    const out = collect()
    const stream = bridge.subscribe('notices.watch', {}, out)
    const full = { code: 'disk-full' as const, values: { path: '/' } }
    const id = notices.add(full)
    await bridge.call('app.dismissNotice', { id })
    stream.end()
    notices.add(full)
    expect(out.events).toEqual([[], [{ id, ...full }], []])
  })

  test.each([
    ['an unknown name', 'constructor', {}],
    ['the name of a call', 'app.info', {}],
    ['a wrong input', 'conversations.watch', { conversationId: 3 }],
    ['a path that is an address', 'api.request', { method: 'GET', path: 'https://elsewhere.example/' }],
    ['a method that is none', 'api.request', { method: 'CONNECT', path: '/' }],
  ])('with %s is refused', (_, name, input) => {
    expect(() => bridge.subscribe(name, input, collect())).toThrow(expect.objectContaining(refused))
  })

  // An Error does not cross to the window as one: its message and code would be lost.
  test('of pulls carries what went wrong as plain values', () => {
    const out = collect()
    bridge.subscribe('pulls.watch', {}, out)
    expect(out.events).toEqual([
      [expect.objectContaining({ problem: { code: 'not-found', message: 'file does not exist' } })],
    ])
    expect(structuredClone(out.events)).toEqual(out.events)
  })

  test('carries an answer of the API to its end', async () => {
    const out = collect()
    const stream = bridge.subscribe('api.request', { method: 'GET', path: '/' }, out)
    await expect.poll(() => out.events.length).toBe(3)
    expect(out.events[0]).toMatchObject({ type: 'head', status: 200 })
    expect(out.events[1]).toEqual({ type: 'body', chunk: new Uint8Array(Buffer.from('Ollama is running')) })
    for (const _ of [1, 2, 3]) stream.acknowledge()
    await expect.poll(() => out.events.slice(2)).toEqual([{ type: 'end' }, 'end'])
  })
})
