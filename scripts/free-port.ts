import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Ports tried before what keeps us from all of them is said. */
const mostTries = 100

/**
 * A port of this computer that nobody listens on at the moment. It is none of those that systems give out by themselves
 * (from 32,768 on Linux, from 49,152 elsewhere), so that nobody gets it by chance until it is used.
 * @param host the address to listen at
 * @throws the system's error where it lets us listen on none
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(20_000, 30_000)
    try {
      await listenOnce(host, port)
      return port
    } catch (error) {
      if (tries === mostTries) throw error
    }
  }
}

async function listenOnce(host: string, port: number): Promise<void> {
  const probe = createServer()
  await once(probe.listen(port, host), 'listening')
  await new Promise(resolve => probe.close(resolve))
}
