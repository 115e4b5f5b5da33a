import { randomBytes } from 'node:crypto'

/**
 * Ids in order of time: UUID version 7 (RFC 9562). Within a millisecond, and when the clock goes back, the twelve bits
 * after the version count up, so that one process never makes an id that sorts before an older one.
 *
 * @param now milliseconds since 1970
 * @param random gives that many random bytes
 * @param newest an id of an earlier process, which the new ones sort after as well
 */
export function idSource(
  now: () => number,
  random: (bytes: number) => Uint8Array = randomBytes,
  newest?: string,
): () => string {
  // Of a time within the next four thousand years: what else a file may hold leaves no room to count.
  const [, high, low, count] = /^([0-7][0-9a-f]{7})-([0-9a-f]{4})-7([0-9a-f]{3})-/.exec(newest ?? '') ?? [0, 0, '', 0]
  let last = Number.parseInt(`${high}${low}`, 16)
  let counter = Number.parseInt(`${count}`, 16)
  return () => {
    const time = now()
    if (time > last) {
      last = time
      // Below half of the range, so that there is room to count.
      counter = ((random(1)[0] ?? 0) << 3) & 0x7ff
    } else {
      counter += 1
      if (counter > 0xfff) {
        last += 1
        counter = 0
      }
    }
    const tail = random(8)
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80
    const hex = `${last.toString(16).padStart(12, '0')}7${counter.toString(16).padStart(3, '0')}${Buffer.from(tail).toString('hex')}`
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
