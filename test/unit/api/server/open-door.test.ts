import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { CannotListen, type Listening } from '../../../../main/api/http.ts'
import { apiOffNotice, openApiDoor } from '../../../../main/api/server/open-door.ts'

const api = { fetch: async () => new Response('Ollama is running') }
const host = '127.0.0.1'
let others: Server[] = []
let listening: Listening | undefined

afterEach(async () => {
  await listening?.close()
  for (const other of others) await new Promise(resolve => other.close(resolve))
  others = []
  listening = undefined
})

/** Another program's port. */
async function take(port = 0): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  others.push(server)
  return (server.address() as AddressInfo).port
}

async function open(port: number, at = host) {
  const door = await openApiDoor(api, { host: at, port })
  listening = door.listening
  return door
}

test('a free port is taken as it is wanted', async () => {
  const port = await take()
  await new Promise(resolve => others.pop()?.close(resolve))
  const door = await open(port)
  expect(door).toMatchObject({ moved: false, listening: { port } })
})

test('a taken port is left to its owner, and the next free one answers', async () => {
  const port = await take()
  const door = await open(port)
  expect(door.moved).toBe(true)
  expect(door.listening.port).toBeGreaterThan(port)
  expect(door.listening.port).toBeLessThanOrEqual(port + 20)
  expect(await (await fetch(`http://${host}:${door.listening.port}/`)).text()).toBe('Ollama is running')
})

test('the system may choose the port, which is no move', async () => {
  const door = await open(0)
  expect(door.listening.port).toBeGreaterThan(0)
  expect(door.moved).toBe(false)
})

// Twenty tries at an address this computer does not have would fail twenty times.
test('an address that is not here fails with what was wanted', async () => {
  await expect(open(11434, '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL', port: 11434 })
})

test('the last port there is has no next one', async () => {
  await take(65_535)
  await expect(open(65_535)).rejects.toMatchObject({ code: 'EADDRINUSE', port: 65_535 })
})

// "Another program has the port" sends a person with a mistyped address looking for a program there is not.
test('only a port in use is said to belong to another program', () => {
  expect(apiOffNotice(new CannotListen('EADDRINUSE', host, 1), 1)).toEqual({
    code: 'port-taken',
    values: { wanted: 1 },
  })
  for (const error of [new CannotListen('EADDRNOTAVAIL', host, 1), new Error('no origin')]) {
    expect(apiOffNotice(error, 1)).toEqual({ code: 'api-not-listening', values: { reason: error.message } })
  }
})
