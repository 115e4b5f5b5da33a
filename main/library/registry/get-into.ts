import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { isStale } from './direct-request.ts'
import { stalled } from './receiver.ts'
import type { Reception } from './reception.ts'

/** Bytes read at once while an answer's head is expected: less than what an answer holds without a pause. */
const headRead = 8 * 1024

/**
 * How long an answer that has brought all may take to its end, for the next request to have its connection.
 * Milliseconds.
 */
const lingerMs = 1_000

const kept = new HttpsAgent({ keepAlive: true })

/**
 * Asks for bytes, by Node's own client.
 * @param stall milliseconds of silence after which the request fails
 */
export function getInto(
  reception: Reception,
  url: URL,
  settings: { readonly headers: Readonly<Record<string, string>>; readonly stall: number },
): void {
  const { headers, stall } = settings
  /** Whose body goes past the parser, from when its head was read. */
  let past: IncomingMessage | undefined
  const isPlain = url.protocol === 'http:'
  const request = isPlain ? httpRequest : httpsRequest
  const connection = isPlain ? { createConnection: connectPast(reception, () => past) } : { agent: kept }
  const asked = request(url, { headers, timeout: stall, ...connection })
  reception.giveUp = () => asked.destroy()
  let hasBegun = false
  const take = (chunk: Buffer) => {
    reception.take(chunk)
    if (reception.isOver) asked.setTimeout(lingerMs)
  }
  asked.on('response', response => {
    hasBegun = true
    response.on('error', error => reception.fail(error))
    const isWanted = reception.begin(response.statusCode!, response.headers)
    if (isPlain && isWanted && response.headers['transfer-encoding'] === undefined) past = response
    else response.on('data', take).on('end', () => reception.end())
  })
  asked.on('timeout', () => {
    if (reception.isOver) return void asked.destroy()
    const silent = new Error(`nothing came for ${stall / 1000} seconds`)
    reception.fail(Object.assign(silent, { code: hasBegun ? stalled : 'ETIMEDOUT' }))
  })
  asked.on('error', error => {
    if (!hasBegun && !reception.isOver && isStale(asked, error)) getInto(reception, url, settings)
    else reception.fail(error)
  })
  // Of a body that goes past the parser nobody else says that it ended before its time.
  asked.on('close', () => {
    if (past) reception.fail(Object.assign(new Error('unexpected EOF'), { code: 'ECONNRESET' }))
  })
  asked.end()
}

/**
 * How plain HTTP connects, a connection for each request. Only an answer's head goes through the parser: of what
 * follows the length is known, and it is read straight into the blocks where it belongs.
 * @param past the answer whose head was read, if that is what was asked for
 */
function connectPast(reception: Reception, past: () => IncomingMessage | undefined) {
  const head = Buffer.allocUnsafe(headRead)
  const onread = {
    buffer: () => (past() && !reception.isOver ? reception.place() : head),
    callback(this: Socket, length: number, bytes: Uint8Array): boolean {
      if (reception.isOver) return true
      if (past()) {
        reception.placed(length)
      } else {
        // The parser reads this before `push` returns; what came behind the head then waits in the answer.
        this.push(Buffer.from(bytes.subarray(0, length)))
        const first: Buffer | null | undefined = past()?.read()
        if (first) reception.take(first)
      }
      if (past() && reception.hasAll) reception.endEarly()
      return true
    },
  }
  return (options: RequestOptions): Socket => connect({ ...(options as NetConnectOpts), onread })
}
