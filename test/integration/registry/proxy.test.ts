import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exit, transferInProcess } from './client.ts'
import { publish, startRegistry } from './debian-registry.ts'

// Behind a company's proxy nothing else reaches the registry: neither the manifest nor the bytes may go past it.
test('with a proxy in the environment all of a pull goes through it', async () => {
  const registry = await startRegistry()
  const bytes = randomBytes(3_000_000)
  const { layers } = await publish(registry.host, 'library/tiny', 'latest', [['model', bytes]])
  const wanted: string[] = []
  const proxy = createServer()
  proxy.on('connect', ({ url }, client: Socket) => {
    wanted.push(url!)
    // The name it is asked for is one that only the proxy knows.
    const onward = connect(Number(registry.host.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(onward).pipe(client)
    })
    for (const [one, other] of [[client, onward] as const, [onward, client] as const]) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'hearth-proxy-'))
  onTestFinished(async () => {
    proxy.close()
    await registry.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { port } = proxy.address() as AddressInfo
  const child = transferInProcess('pull', folder, 'registry.test/library/tiny', {
    HTTP_PROXY: `http://127.0.0.1:${port}`,
  })
  expect(await exit(child)).toBe(0)
  const blob = join(folder, 'models', 'blobs', layers[0]!.digest.replace(':', '-'))
  expect(readFileSync(blob).equals(bytes)).toBe(true)
  expect(new Set(wanted)).toEqual(new Set(['registry.test:80']))
})
