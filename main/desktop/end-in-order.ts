import { setTimeout as sleep } from 'node:timers/promises'
import { app } from 'electron'
import type { ApiServer } from '../api/server/api-server.ts'
import type { Hearth } from '../compose.ts'
import type { Updates } from '../updates/updates.ts'
import type { Log } from './log.ts'

/** Milliseconds that saving replies and ending engines may take when the person quits. */
const closingTime = 3000

/** Milliseconds that an updater may take to start what replaces the app: macOS unpacks and verifies it first. */
const handOverTime = 60_000

interface Closing {
  readonly hearth: Pick<Hearth, 'close'>
  readonly server: ApiServer
  readonly updates: Updates
}

/** Holds the end of the app back until replies are saved and engines have ended, but not for ever. */
export function endInOrder(services: Promise<Closing>, log: Log, endWindows: () => Promise<void>): void {
  let phase: 'open' | 'closing' | 'closed' = 'open'
  app.on('will-quit', event => {
    if (phase === 'closed') return
    event.preventDefault()
    if (phase === 'closing') return
    phase = 'closing'
    const close = async () => {
      const { hearth, server, updates } = await services
      updates.close()
      await endWindows()
      await server.close()
      await hearth.close()
    }
    const late = new Promise<void>((_, reject) => {
      setTimeout(() => reject(new Error(`not closed within ${closingTime} ms`)), closingTime)
    })
    Promise.race([close(), late])
      .catch(error => log.write('the services did not close', error))
      .then(async () => {
        phase = 'closed'
        const { updates } = await services
        const outcome = updates.atEnd()
        if (outcome === 'failed') app.relaunch()
        // What installs ends the app itself, once it has handed over to what comes next.
        if (outcome === 'installed') await sleep(handOverTime)
      })
      .catch(error => log.write('the app did not end in order', error))
      .finally(() => app.exit(0))
  })
}
