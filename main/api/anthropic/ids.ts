import { randomBytes } from 'node:crypto'

/** `msg_` or `req_` and 24 hexadecimal digits (upstream anthropic/anthropic.go, generateID). */
export function uniqueId(prefix: 'msg' | 'req'): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`
}
