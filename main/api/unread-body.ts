import type { Socket } from 'node:net'
import { finished, type Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/** Milliseconds that a client has to notice its answer and to stop sending. */
const patience = 5000

/** A request as it comes in, and where its answer goes. */
export interface Exchange {
  readonly incoming: Readable & { readonly complete: boolean }
  readonly outgoing: { readonly socket: Socket | null }
}

/**
 * An answer that is there before its request was read to the end, as to an upload that the disk has no room for, is the
 * last of its connection, and says so: a client that asked its next thing there would be cut off.
 */
export async function lastIfUnread({ incoming, outgoing }: Exchange, response: Response): Promise<Response> {
  if (isOver(incoming)) return response
  // What came together with the head is known of by the next turn.
  await setImmediate()
  if (isOver(incoming)) return response
  response.headers.set('Connection', 'close')
  if (outgoing.socket) closeOnceSilent(outgoing.socket, incoming)
  return response
}

/** Whether nothing of it is in the way of a next request: what has come and nobody touched, Node throws away. */
const isOver = ({ readableEnded, complete, readableDidRead }: Exchange['incoming']): boolean =>
  readableEnded || (complete && !readableDidRead)

/**
 * Lets the connection wait, when its last answer has gone out, until the client stops sending: one that is closed with
 * bytes unread is reset, and may take the answer along (RFC 9112, section 9.6).
 */
function closeOnceSilent(socket: Socket, incoming: Readable): void {
  // Node calls it behind the last answer; the adapter may call it again.
  socket.destroySoon = () => {
    socket.destroySoon = () => undefined
    socket.end()
    // A reader that has given up has left a listener behind, which holds the stream back.
    incoming.removeAllListeners('data').resume()
    finished(incoming, { signal: AbortSignal.timeout(patience) }, () => socket.destroy())
  }
}
