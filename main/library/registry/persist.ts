import { setTimeout as pause } from 'node:timers/promises'
import { wordsOf } from '../../go/system-error.ts'
import { Problem } from '../../problem.ts'
import { stalled } from './receiver.ts'
import { RefusedByRegistry } from './repository.ts'

/** Fruitless tries in a row (upstream server/download.go, server/upload.go). */
const tries = 6
const passingErrors = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO', stalled]
/** Errors of undici, of Node's parser of HTTP, and of TLS: of an answer that had begun as it should. */
const families = ['UND_ERR', 'HPE_', 'ERR_SSL_']

export interface Persistence {
  readonly signal: AbortSignal
  /** Milliseconds to wait before try number `next`, counted from 1. */
  readonly backoff: (next: number) => number
  /** Whether the failed attempt brought something, so that the count begins anew. */
  readonly hasProgress?: () => boolean
  readonly isPassing?: (error: unknown) => boolean
}

/**
 * Tries until it succeeds, waiting longer each time.
 * @throws Problem `max retries exceeded: …`, what cannot pass, or the signal's reason
 */
export async function persist<T>(attempt: () => Promise<T>, options: Persistence): Promise<T> {
  const { signal, backoff, hasProgress = () => false, isPassing: passes = isPassing } = options
  for (let failed = 1; ; failed++) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!passes(error)) throw error
      // A silent connection is given up and made anew as often as it takes (upstream server/download.go).
      if (hasProgress() || isStall(error)) failed = 1
      if (failed === tries) {
        throw new Problem('registry', 500, `max retries exceeded: ${wordsOf(error)}`)
      }
      const asked = error instanceof RefusedByRegistry ? error.retryAfter : undefined
      await pause(asked ?? backoff(failed), undefined, { signal })
    }
  }
}

/** Worth another try: connections that were cut or never came about, stalls, a server that is busy. */
export function isPassing(error: unknown): boolean {
  if (error instanceof RefusedByRegistry) return error.passing
  if (error instanceof Problem) return error.code === 'registry'
  // A body that ends before its time: errors of HTTP and of sockets, not of the file system.
  const { code = '', syscall } = error as NodeJS.ErrnoException
  return families.some(family => code.startsWith(family)) || passingErrors.includes(code) || syscall === 'read'
}

/** An answer that had begun and went silent. */
function isStall(error: unknown): boolean {
  return ['UND_ERR_BODY_TIMEOUT', stalled].includes((error as NodeJS.ErrnoException).code ?? '')
}
