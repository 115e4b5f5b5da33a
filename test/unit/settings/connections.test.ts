import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { blockMemory } from '../../../main/library/registry/recent-blocks.ts'
import { readBody, Transport } from '../../../main/library/registry/transport.ts'
import { Connections } from '../../../main/settings/connections.ts'
import type { Connection } from '../../../preload/contract.ts'

let home: string
let path: string
let now: number
let connections: Connections

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-connections-'))
  path = join(home, 'connections.json')
  now = 1_000_000
  connections = new Connections(path, () => now)
})

afterEach(async () => {
  await connections.close()
  rmSync(home, { recursive: true })
})

const list = (of = connections): Connection[] => {
  let seen: Connection[] = []
  of.watch(entries => {
    seen = entries
  })()
  return seen
}
const model = { host: 'registry.example', purpose: 'get-model', subject: 'library/tiny' } as const

describe('the list of connections', () => {
  // One line for each of a download's thousand requests would hide every other.
  test('tells a download as one, and the next day as another', () => {
    for (let part = 0; part < 3; part += 1) connections.tell(model).received(100)
    now += 24 * 60 * 60_000
    connections.tell(model).sent(5)
    expect(list()).toEqual([
      { ...model, from: now, until: now, requests: 1, sent: 5, received: 0 },
      { ...model, from: 1_000_000, until: 1_000_000, requests: 3, sent: 0, received: 300 },
    ])
  })

  test('is there after a restart, and gone once it was cleared', async () => {
    connections.tell(model).received(7)
    await connections.close()
    connections = new Connections(path)
    expect(list()).toMatchObject([{ host: 'registry.example', received: 7 }])
    connections.clear()
    await connections.close()
    expect(list(new Connections(path))).toEqual([])
  })

  test.each(['', '{', '[1, {"host": 3}]', 'null'])('begins anew after a file that holds %s', async text => {
    writeFileSync(path, text)
    connections = new Connections(path)
    expect(list()).toEqual([])
    connections.tell(model)
    await connections.close()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(1)
  })

  test('does not grow without end', () => {
    for (let each = 0; each < 700; each += 1) connections.tell({ ...model, subject: String(each) })
    expect(list()).toHaveLength(500)
    expect(list()[0]?.subject).toBe('699')
  })
})

describe('a request to a registry', () => {
  let server: Server
  let transport: Transport

  beforeEach(async () => {
    server = createServer((request, response) => request.resume().on('end', () => response.end('x'.repeat(1000))))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    transport = new Transport({ version: '1', receiveWorker: '', memory: blockMemory(), tell: connections.tell })
  })
  afterEach(async () => {
    await transport.close()
    await new Promise(resolve => server.close(resolve))
  })

  test('is told with its host, its model and its bytes', async () => {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const url = (path: string) => new URL(`http://${host}${path}`)
    const answer = await transport.send({ method: 'GET', url: url('/v2/library/tiny/manifests/latest') })
    expect(await readBody(answer, 2000)).toHaveLength(1000)
    await readBody(await transport.send({ method: 'PUT', url: url('/v2/me/mine/blobs/1'), body: 'hello' }), 2000)
    expect(list()).toMatchObject([
      { host, purpose: 'send-model', subject: 'me/mine', sent: 5, received: 1000 },
      { host, purpose: 'get-model', subject: 'library/tiny', sent: 0, received: 1000, requests: 1 },
    ])
  })

  test('is told also when nobody answers', async () => {
    const url = new URL('http://127.0.0.1:1/v2/library/tiny/manifests/latest')
    await expect(transport.send({ method: 'GET', url })).rejects.toMatchObject({ code: 'registry' })
    expect(list()).toMatchObject([{ host: '127.0.0.1:1', received: 0, requests: 1 }])
  })
})
