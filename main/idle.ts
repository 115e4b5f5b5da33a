import { setTimeout as sleep } from 'node:timers/promises'

/** How often it is looked, within the time that has to pass. */
const looks = 12

/**
 * Settles once nothing has been needed for a while. The wait keeps no process alive.
 *
 * @param after milliseconds that nothing has to be needed for
 */
export async function idle(needed: () => Promise<boolean>, after: number): Promise<void> {
  let since = performance.now()
  while (performance.now() - since < after) {
    await sleep(after / looks, undefined, { ref: false })
    if (await needed()) since = performance.now()
  }
}
