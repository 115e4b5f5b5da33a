import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../scripts/free-port.ts'

test('gives a port that can be listened on', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  await once(server.listen(await freePort(), '127.0.0.1'), 'listening')
})

// It tried for ever.
test('says why there is none where it may listen nowhere', async () => {
  // An address for documentation, which no computer has (RFC 5737).
  await expect(freePort('192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
})
